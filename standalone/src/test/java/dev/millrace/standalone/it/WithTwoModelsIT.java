package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Documents are embedded with a second model while searches go on with the first. */
@ExtendWith(WithMillrace.class)
class WithTwoModelsIT {

  private static final String SECOND = "openai:scripted";

  private final String uri = "it://" + UUID.randomUUID() + "/tide";

  @TempDir private Path folder;
  private ScriptedEmbeddings embeddings;
  private AppProcess worker;

  @BeforeEach
  void aDocumentAndThenAWorkerWithASecondModel(Millrace millrace) throws IOException {
    post(millrace, "The tide mill turns twice a day.");
    millrace.pipeline().stopApp("embedding-worker");
    embeddings = new ScriptedEmbeddings();
    Map<String, String> scripted = embeddings.environment();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(millrace.pipeline().environment().asMap());
    environment.putAll(
        Map.of(
            "EMBEDDING_NEXT_MODEL", scripted.get("EMBEDDING_MODEL"),
            "EMBEDDING_NEXT_DIMENSIONS", scripted.get("EMBEDDING_DIMENSIONS"),
            "OPENAI_BASE_URL", scripted.get("OPENAI_BASE_URL"),
            "MANAGEMENT_PORT", "0"));
    worker =
        AppProcess.start("dev.millrace.embedding.Main", environment, folder.resolve("worker.log"));
  }

  @AfterEach
  void theAppOfThePipelineAgain(Millrace millrace) throws InterruptedException {
    worker.close();
    embeddings.close();
    millrace.pipeline().startApp("embedding-worker");
    millrace.pipeline().awaitReady(progress -> {});
  }

  @Test
  void whatWasThereGetsVectorsOfTheSecondModelAndSearchesGoOnWithTheFirst(Millrace millrace) {
    eventually()
        .untilAsserted(() ->
            assertThat(texts(millrace, SECOND))
                .as(worker::printed)
                .containsExactly("The tide mill turns twice a day."));
    assertThat(texts(millrace, "all-minilm-l6-v2"))
        .containsExactly("The tide mill turns twice a day.");
    assertThat(
            millrace
                .gateway()
                .get("/api/knowledge/search?q=tide&source=" + uri)
                .json()
                .path("count")
                .asInt())
        .isEqualTo(1);
  }

  private List<String> texts(Millrace millrace, String model) {
    return Queries.texts(
        millrace, "SELECT content FROM embeddings WHERE source = ? AND model = ?", uri, model);
  }

  private void post(Millrace millrace, String text) {
    String body =
        new ObjectMapper().createObjectNode().put("uri", uri).put("content", text).toString();
    Gateway.Answer answer = millrace.gateway().post("/api/knowledge/documents", body);
    assertThat(answer.status()).as(answer.text()).isIn(200, 202);
  }
}
