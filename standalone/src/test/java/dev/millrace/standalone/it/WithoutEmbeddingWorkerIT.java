package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.embedding.EmbeddingWorkerApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The embedding worker, or what it needs, goes away in the middle of a document. */
@ExtendWith(WithMillrace.class)
class WithoutEmbeddingWorkerIT {

  /** Chunks of the document: some more than the model gets at once. */
  private static final int PARTS = 70;

  private final String uri = "it://" + UUID.randomUUID() + "/mill";

  @TempDir private Path folder;
  private ScriptedEmbeddings embeddings;
  private AppProcess worker;

  @BeforeEach
  void workerInAProcessOfItsOwn(Millrace millrace) throws IOException {
    ShareLocks.shorten(millrace, ShareLocks.EMBEDDING);
    embeddings = new ScriptedEmbeddings();
    worker =
        AppProcess.inPlaceOf(millrace, new EmbeddingWorkerApp(), folder, embeddings.environment());
  }

  @AfterEach
  void theAppOfThePipelineAgain(Millrace millrace) {
    worker.close();
    embeddings.close();
    ShareLocks.restore(millrace, ShareLocks.EMBEDDING);
  }

  @Test
  void killedBetweenTwoChunksItLeavesTheOldDocumentWholeUntilTheNewOneIs(Millrace millrace)
      throws InterruptedException {
    // given
    post(millrace, "old");
    awaitAll(millrace, "old");
    embeddings.holdAt("new 40 ");
    post(millrace, "new");
    slowly().until(embeddings::isHolding);

    // when
    worker.killAndRestart();

    // then
    assertThat(versions(millrace)).containsOnly("old").hasSize(PARTS);
    embeddings.release();
    List<List<String>> seen = new ArrayList<>();
    slowly()
        .untilAsserted(() -> {
          List<String> versions = versions(millrace);
          seen.add(versions);
          assertThat(versions).as(worker::printed).containsOnly("new");
        });
    assertThat(seen)
        .as("what searches saw meanwhile")
        .allSatisfy(versions -> assertThat(versions).hasSize(PARTS))
        .allSatisfy(versions -> assertThat(versions.stream().distinct()).hasSize(1));
  }

  @Test
  void whenPostgresGoesAwayInTheMiddleNothingIsEmbeddedTwice(Millrace millrace) {
    // given
    awaitReady(millrace);
    embeddings.holdAt("fresh 40 ");
    post(millrace, "fresh");
    slowly().until(embeddings::isHolding);

    // when
    millrace.pipeline().stack().postgres().stop();
    try {
      embeddings.release();
      slowly().until(() -> embedded("fresh ") == PARTS);
    } finally {
      millrace.pipeline().stack().postgres().start();
    }

    // then
    awaitAll(millrace, "fresh");
    assertThat(embedded("fresh ")).isEqualTo(PARTS);
  }

  private long embedded(String version) {
    return embeddings.embedded().stream().filter(text -> text.contains(version)).count();
  }

  private void awaitReady(Millrace millrace) {
    post(millrace, "first");
    awaitAll(millrace, "first");
  }

  private void post(Millrace millrace, String version) {
    String text =
        IntStream.range(0, PARTS)
            .mapToObj(i -> "# Part " + i + "\n\n" + (version + " " + i + " ").repeat(60))
            .collect(Collectors.joining("\n\n"));
    String body =
        new ObjectMapper()
            .createObjectNode()
            .put("uri", uri)
            .put("content", text)
            .put("contentType", "text/markdown")
            .toString();
    Thread.startVirtualThread(() -> millrace.gateway().post("/api/knowledge/documents", body));
  }

  private void awaitAll(Millrace millrace, String version) {
    slowly()
        .untilAsserted(() ->
            assertThat(versions(millrace))
                .as(worker::printed)
                .hasSize(PARTS)
                .containsOnly(version));
  }

  /** The version of each chunk that searches see. */
  private List<String> versions(Millrace millrace) {
    return Queries.texts(
        millrace,
        "SELECT (regexp_match(content, '(\\w+) \\d+ (\\1)'))[1] FROM public.embeddings"
            + " WHERE source = ?",
        uri);
  }

  private static ConditionFactory slowly() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions();
  }
}
