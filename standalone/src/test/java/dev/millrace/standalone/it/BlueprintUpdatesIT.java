package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.embedding.EmbeddingWorkerApp;
import dev.millrace.fixture.FakeApi;
import dev.millrace.standalone.embedded.Credentials;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A platform hears of documents that searches find now. */
@ExtendWith(WithMillrace.class)
class BlueprintUpdatesIT {

  private final String uri = "it://" + UUID.randomUUID() + "/blueprint";

  @Test
  void aDocumentThatIsIndexedIsToldToThePlatformWithItsKeyUntilItTakesIt(Millrace millrace)
      throws Exception {
    try (FakeApi platform = new FakeApi()) {
      platform.answerInTurn(FakeApi.status(503, "{}"), FakeApi.status(200, "{}"));
      try (AppBeside _ =
          AppBeside.inPlaceOf(
              millrace,
              new EmbeddingWorkerApp(),
              Map.of("JAVARI_EVENTS_URL", platform.uri() + "/events"))) {

        // when
        Gateway.Answer posted =
            millrace
                .gateway()
                .post(
                    "/api/knowledge/documents",
                    "{\"uri\":\"%s\",\"content\":\"The wheel is of elm.\"}".formatted(uri));

        // then
        assertThat(posted.status()).as(posted.text()).isEqualTo(200);
        eventually().until(() -> told(platform).size() == 1);
      }
      JsonNode event = told(platform).getFirst();
      assertThat(event.path("eventType").asText()).isEqualTo("blueprint_updated");
      assertThat(event.path("source").asText()).isEqualTo("updateKnowledge");
      assertThat(event.at("/data/chunks_added").asInt()).isEqualTo(1);
      assertThat(platform.requests.getLast().headers().getFirst("X-API-Key"))
          .isEqualTo(millrace.credential(Credentials.JAVARI_API_KEY));
    }
  }

  @Test
  void aPipelineThatAnnouncesToItselfHasTheUpdateOnce(Millrace millrace) throws Exception {
    try (AppBeside _ =
        AppBeside.inPlaceOf(
            millrace,
            new EmbeddingWorkerApp(),
            Map.of(
                "JAVARI_EVENTS_URL",
                millrace.gateway().uri().resolve("/api/javari-events").toString()))) {

      // when
      millrace
          .gateway()
          .post(
              "/api/knowledge/documents",
              "{\"uri\":\"%s\",\"content\":\"The wheel is of oak.\"}".formatted(uri));

      // then
      eventually().untilAsserted(() -> assertThat(announcedBy(millrace)).hasSize(2));
      assertThat(
              Queries.count(
                  millrace,
                  "SELECT count(*) FROM ai_events WHERE event_type = 'blueprint_updated'"
                      + " AND data->>'file_path' = ?",
                  uri))
          .isEqualTo(1);
    }
  }

  /** Who wrote a record of the update. */
  private List<String> announcedBy(Millrace millrace) {
    return Queries.texts(
        millrace,
        "SELECT source FROM audit.records WHERE topic = 'platform.events'"
            + " AND payload->>'event_type' = 'blueprint_updated' AND payload->>'data' LIKE ?",
        "%" + uri + "%");
  }

  /** What was said about the document, once each. */
  private List<JsonNode> told(FakeApi platform) {
    return platform.requests.stream()
        .map(request -> read(request.body()))
        .filter(event -> event.at("/data/file_path").asText().equals(uri))
        .distinct()
        .toList();
  }

  private static JsonNode read(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("expected JSON, found: " + json, e);
    }
  }
}
