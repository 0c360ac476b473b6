package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.embedding.EmbeddingWorkerApp;
import dev.millrace.gateway.IngestGatewayApp;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Documents are embedded with a second model while searches go on with the first, and searches move
 * to the second.
 */
@ExtendWith(WithMillrace.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WithTwoModelsIT {

  private static final String FIRST = "all-minilm-l6-v2";
  private static final String SECOND = "openai:scripted";

  private static final String TURNS = "The tide mill turns twice a day.";
  private static final String SLEEPS = "The miller sleeps in between.";
  private static final String RESTS = "The tide mill rests in winter.";

  /** Embedded before there was a second model. */
  private final String before = "it://" + UUID.randomUUID() + "/before";

  private ScriptedEmbeddings embeddings;
  private AppBeside worker;

  @BeforeAll
  void aDocumentAndThenAWorkerWithASecondModel(Millrace millrace) throws IOException {
    post(millrace, before, TURNS);
    embeddings = new ScriptedEmbeddings();
    Map<String, String> second = embeddings.environment();
    worker =
        AppBeside.inPlaceOf(
            millrace,
            new EmbeddingWorkerApp(),
            Map.of(
                "EMBEDDING_NEXT_MODEL", second.get("EMBEDDING_MODEL"),
                "EMBEDDING_NEXT_DIMENSIONS", second.get("EMBEDDING_DIMENSIONS"),
                "OPENAI_BASE_URL", second.get("OPENAI_BASE_URL")));
  }

  @AfterAll
  void theAppOfThePipelineAgain(Millrace millrace) throws InterruptedException {
    worker.close();
    embeddings.close();
  }

  @Test
  void whatWasThereGetsVectorsOfTheSecondModelAndSearchesGoOnWithTheFirst(Millrace millrace) {
    awaitTexts(millrace, before, SECOND, TURNS);

    assertThat(texts(millrace, before, FIRST)).containsExactly(TURNS);
    assertThat(found(millrace.gateway(), "tide", before)).containsExactly(TURNS);
  }

  @Test
  void aDocumentThatIsReplacedIsReplacedInBoth(Millrace millrace) {
    // given
    String turns = section("Mill", TURNS);
    String rests = section("Mill", RESTS);
    String sleeps = section("Miller", SLEEPS);
    String uri = posted(millrace, turns + "\n\n" + sleeps);
    awaitTexts(millrace, uri, SECOND, turns, sleeps);

    // when
    post(millrace, uri, rests + "\n\n" + sleeps);

    // then
    assertThat(texts(millrace, uri, FIRST)).containsExactly(rests, sleeps);
    awaitTexts(millrace, uri, SECOND, rests, sleeps);
    assertThat(embeddings.embedded().stream().filter(text -> text.contains(SLEEPS)))
        .as("what did not change is embedded once")
        .hasSize(1);
  }

  @Test
  void aDocumentThatIsRemovedIsRemovedFromBothAtOnce(Millrace millrace) {
    // given
    String uri = posted(millrace, TURNS);
    awaitTexts(millrace, uri, SECOND, TURNS);

    // when
    remove(millrace, uri);

    // then
    assertThat(texts(millrace, uri, FIRST)).isEmpty();
    assertThat(texts(millrace, uri, SECOND)).isEmpty();
    post(millrace, uri, RESTS);
    awaitTexts(millrace, uri, SECOND, RESTS);
  }

  @Test
  void searchesMoveToTheSecondModelWhileTheFirstStillAnswers(Millrace millrace) {
    // given
    String uri = posted(millrace, TURNS);
    awaitTexts(millrace, uri, SECOND, TURNS);
    IngestGatewayApp moved = new IngestGatewayApp();
    try (AppBeside _ = AppBeside.start(millrace, moved, embeddings.environment())) {
      Gateway second = millrace.gatewayAt(moved.uri());

      // when
      List<String> found = found(second, "When does it turn?", uri);

      // then
      assertThat(found).containsExactly(TURNS);
      assertThat(embeddings.embedded()).contains("When does it turn?");
      assertThat(found(millrace.gateway(), "When does it turn?", uri)).containsExactly(TURNS);
      post(millrace, uri, RESTS);
      assertThat(found(millrace.gateway(), "When does it rest?", uri)).containsExactly(RESTS);
      eventually()
          .untilAsserted(
              () -> assertThat(found(second, "When does it rest?", uri)).containsExactly(RESTS));
    }
  }

  /** As long as a chunk. */
  private static String section(String heading, String sentence) {
    return "# " + heading + "\n\n" + (sentence + " ").repeat(20).strip();
  }

  private static void awaitTexts(Millrace millrace, String uri, String model, String... expected) {
    eventually()
        .untilAsserted(() -> assertThat(texts(millrace, uri, model)).containsExactly(expected));
  }

  private static List<String> texts(Millrace millrace, String uri, String model) {
    return Queries.texts(
        millrace,
        "SELECT content FROM embeddings WHERE source = ? AND model = ? ORDER BY chunk_index",
        uri,
        model);
  }

  /** What a search by meaning finds in a document. */
  private static List<String> found(Gateway gateway, String question, String uri) {
    Gateway.Answer answer =
        gateway.get(
            "/api/knowledge/search?mode=vector&q=" + question.replace(" ", "+") + "&source=" + uri);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("results").findValuesAsText("content");
  }

  private static String posted(Millrace millrace, String text) {
    String uri = "it://" + UUID.randomUUID() + "/tide.md";
    post(millrace, uri, text);
    return uri;
  }

  private static void post(Millrace millrace, String uri, String text) {
    String body =
        new ObjectMapper().createObjectNode().put("uri", uri).put("content", text).toString();
    Gateway.Answer answer = millrace.gateway().post("/api/knowledge/documents", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static void remove(Millrace millrace, String uri) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .send(
                millrace
                    .gateway()
                    .request("/api/knowledge/documents?uri=" + uri)
                    .header("X-API-Key", millrace.gateway().apiKey())
                    .DELETE());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("status").asText()).isEqualTo("removed");
  }
}
