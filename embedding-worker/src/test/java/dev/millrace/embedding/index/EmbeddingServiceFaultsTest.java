package dev.millrace.embedding.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.parse.Parsers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddingServiceFaultsTest {

  private static final String URI = "document://long";

  private final InMemoryStore store = new InMemoryStore();
  private final EmbeddingPace pace = new EmbeddingPace();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();
  private FakeEmbeddingService service;

  @BeforeEach
  void start() throws IOException {
    service = new FakeEmbeddingService();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  private Outcome index(int paragraphs) throws InterruptedException {
    Retryer retryer = new Retryer(Duration.ofMinutes(1), Duration.ofMinutes(5), pauses::add);
    String text =
        IntStream.range(0, paragraphs)
            .mapToObj(i -> "# Part " + i + "\n\n" + "stone and water ".repeat(12))
            .collect(Collectors.joining("\n\n"));
    return new Indexer(
            (document, sha) -> {
              throw new DocumentRejectedException("nothing is fetched here");
            },
            Parsers.standard(),
            service.model(),
            store,
            retryer,
            retryer,
            pace,
            new ChunkLimits(80, 0),
            1_000_000)
        .index(
            new IndexRequest(
                "change-" + paragraphs,
                new DocumentRef(URI, null, null, null, null, null, null),
                null,
                Instant.now(),
                new Action.Content(text, "text/markdown")));
  }

  @Test
  void aLimitShrinksTheBatchesAndSlowsThemDownButNoChunkIsLost() throws InterruptedException {
    // given
    service.mostAtOnce = 5;

    // when
    Outcome outcome = index(60);

    // then
    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(store.contents(URI)).hasSize(outcome.chunks()).hasSize(60);
    assertThat(service.batches.subList(0, 4)).containsExactly(32, 16, 8, 4);
    assertThat(service.batches.stream().filter(size -> size <= 5).mapToInt(Integer::intValue).sum())
        .isEqualTo(60);
    assertThat(pauses).contains(Duration.ofSeconds(3));
    assertThat(pace.takeTurn().plus(pace.takeTurn())).isPositive();
  }

  @Test
  void whenTheLimitIsGoneTheBatchesGrowAgain() throws InterruptedException {
    service.mostAtOnce = 5;
    index(20);
    service.mostAtOnce = Integer.MAX_VALUE;
    service.batches.clear();

    index(200);

    List<Integer> allButTheRest = service.batches.subList(0, service.batches.size() - 1);
    assertThat(allButTheRest).isSorted();
    assertThat(allButTheRest.getLast()).isGreaterThan(15);
  }

  @Test
  void vectorsOfAWrongLengthAreRefusedByNameAndWhatWasThereStays() throws InterruptedException {
    // given
    index(3);
    service.dimensions = 7;

    // when, then
    assertThatThrownBy(() -> index(4))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageContaining("embedding_refused")
        .hasMessageContaining("4 dimensions")
        .hasMessageContaining("found 7");
    assertThat(store.contents(URI)).hasSize(3);
  }
}
