package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.embedding.EmbeddingWorkerApp;
import dev.millrace.fixture.FakeApi;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Documents at web addresses. */
@ExtendWith(WithMillrace.class)
class WebDocumentsIT {

  private static final String PAGE = "<html><body><h1>Ferry</h1><p>It crosses at dawn.</p></body>";

  private final FakeApi site = new FakeApi();

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void eachAddressIsADocumentThatIsIndexedOrSaysWhyNot(Millrace millrace) {
    // given
    site.answer(exchange -> {
      boolean found = exchange.getRequestURI().getPath().equals("/ferry.html");
      FakeApi.status(found ? 200 : 404, found ? PAGE : "gone", "Content-Type", "text/html")
          .respond(exchange);
    });
    try (AppBeside _ =
        AppBeside.inPlaceOf(
            millrace, new EmbeddingWorkerApp(), Map.of("DOCUMENT_URL_PRIVATE", "true"))) {

      // when
      JsonNode requests =
          millrace
              .gateway()
              .post(
                  "/api/knowledge/documents",
                  "{\"urls\":[\"%1$s/ferry.html\",\"%1$s/bridge.html\"]}".formatted(site.uri()))
              .json()
              .path("requests");

      // then
      assertThat(ended(millrace, requests.path(0)).path("status").asText()).isEqualTo("indexed");
      JsonNode failed = ended(millrace, requests.path(1));
      assertThat(failed.path("status").asText()).isEqualTo("failed");
      assertThat(failed.path("reason").asText()).contains("404");
    }
    assertThat(
            Queries.texts(
                millrace,
                "SELECT content FROM embeddings WHERE source = ?",
                site.uri() + "/ferry.html"))
        .singleElement()
        .asString()
        .contains("It crosses at dawn.");
  }

  @Test
  void anAddressOfAPrivateNetworkIsRefusedWithTheReason(Millrace millrace) {
    JsonNode request =
        millrace
            .gateway()
            .post("/api/knowledge/documents", "{\"urls\":[\"%s/x\"]}".formatted(site.uri()))
            .json()
            .at("/requests/0");

    assertThat(ended(millrace, request).path("reason").asText()).contains("DOCUMENT_URL_PRIVATE");
    assertThat(site.requests).isEmpty();
  }

  private static JsonNode ended(Millrace millrace, JsonNode request) {
    String url = request.path("status_url").asText();
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get(url).json().path("status").asText())
                .isNotEqualTo("pending"));
    return millrace.gateway().get(url).json();
  }
}
