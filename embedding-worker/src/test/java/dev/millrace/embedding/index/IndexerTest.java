package dev.millrace.embedding.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.index.DocumentSource.Fetched;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.embedding.parse.Parsers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IndexerTest {

  private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
  private static final String URI = "github://acme/docs/a.md";
  private static final String TWO_SECTIONS =
      "# One\n\n" + "water ".repeat(20) + "\n\n# Two\n\n" + "wheel ".repeat(20) + "\n";

  private final InMemoryStore store = new InMemoryStore();
  private final FakeModel model = new FakeModel();
  private final List<Duration> pauses = new ArrayList<>();
  private DocumentSource source =
      (document, sha) -> {
        throw new DocumentRejectedException("not_found: nothing there");
      };

  private Outcome index(IndexRequest request) throws InterruptedException {
    return new Indexer(
            (document, sha) -> source.fetch(document, sha),
            Parsers.standard(),
            model,
            store,
            new Retryer(Duration.ofMinutes(1), Duration.ofMinutes(1), pauses::add),
            new Retryer(Duration.ofSeconds(5), Duration.ofMinutes(1), pauses::add),
            new EmbeddingPace(),
            new ChunkLimits(40, 8),
            10_000)
        .index(request);
  }

  private static IndexRequest content(String changeId, int second, String text) {
    return request(changeId, second, new Action.Content(text, null));
  }

  private static IndexRequest request(String changeId, @Nullable Integer second, Action action) {
    DocumentRef document =
        new DocumentRef(URI, "blueprints", "acme/docs", "a.md", "main", null, null);
    Instant changedAt = second == null ? null : T0.plusSeconds(second);
    return new IndexRequest(changeId, document, null, changedAt, action);
  }

  @Test
  void aNewDocumentIsCutAndEmbedded() throws InterruptedException {
    Outcome outcome = index(content("c1", 1, TWO_SECTIONS));

    assertThat(outcome).isEqualTo(new Outcome(Status.INDEXED, 2, 2, "blueprints", null, null));
    assertThat(store.contents(URI)).hasSize(2).first().asString().startsWith("# One");
  }

  @Test
  void anUnchangedDocumentCostsNoEmbedding() throws InterruptedException {
    index(content("c1", 1, TWO_SECTIONS));
    int embedded = model.embedded.size();

    Outcome outcome = index(content("c2", 2, TWO_SECTIONS));

    assertThat(outcome.status()).isEqualTo(Status.UNCHANGED);
    assertThat(outcome.chunks()).isEqualTo(2);
    assertThat(outcome.embeddingsCreated()).isZero();
    assertThat(model.embedded).hasSize(embedded);
  }

  @Test
  void theSameContentInAnotherFormatIsReadAnew() throws InterruptedException {
    // given
    byte[] text = TWO_SECTIONS.getBytes(StandardCharsets.UTF_8);
    index(request("c1", 1, new Action.File(text, "application/json")));

    // when
    Outcome outcome = index(request("c2", 2, new Action.File(text, "text/markdown")));

    // then
    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(store.contents(URI)).hasSize(2).first().asString().startsWith("# One");
  }

  @Test
  void onlyTheChunkThatChangedIsEmbeddedAnew() throws InterruptedException {
    index(content("c1", 1, TWO_SECTIONS));
    long kept = store.chunks(URI, model.space().model()).get(1).id();
    model.embedded.clear();

    Outcome outcome = index(content("c2", 2, TWO_SECTIONS.replace("water", "stone")));

    assertThat(outcome.embeddingsCreated()).isEqualTo(1);
    assertThat(model.embedded).singleElement().asString().contains("stone");
    assertThat(store.chunks(URI, model.space().model())).extracting(StoredChunk::id).contains(kept);
    assertThat(store.contents(URI)).noneMatch(content -> content.contains("water"));
  }

  @Test
  void anOlderContentNeverReplacesANewerOne() throws InterruptedException {
    index(content("c2", 2, "newer"));

    Outcome outcome = index(content("c1", 1, "older"));

    assertThat(outcome.status()).isEqualTo(Status.SUPERSEDED);
    assertThat(outcome.reason()).contains("newer");
    assertThat(store.contents(URI)).containsExactly("newer");
  }

  @Test
  void aRemovedDocumentIsNotBroughtBackByAnOlderContent() throws InterruptedException {
    index(content("c1", 1, "text"));

    Outcome removed = index(request("c3", 3, new Action.Remove()));
    Outcome late = index(content("c2", 2, "late"));

    assertThat(removed.status()).isEqualTo(Status.REMOVED);
    assertThat(late.status()).isEqualTo(Status.SUPERSEDED);
    assertThat(store.contents(URI)).isEmpty();
  }

  @Test
  void aChangeThatComesTwiceHasTheSameOutcome() throws InterruptedException {
    Outcome first = index(content("c1", 1, TWO_SECTIONS));

    Outcome second = index(content("c1", 1, TWO_SECTIONS));

    assertThat(second).isEqualTo(first);
    assertThat(model.embedded).hasSize(2);
  }

  @Test
  void aDocumentThatOthersChangedMeanwhileIsDoneAgain() throws InterruptedException {
    model.meanwhile =
        () -> {
          model.meanwhile = () -> {};
          index(content("other", 1, "of another"));
        };

    Outcome outcome = index(content("c2", 2, "mine"));

    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(store.contents(URI)).containsExactly("mine");
  }

  @Test
  void aDocumentIsFetchedAtTheCommitThatIsFound() throws InterruptedException {
    source =
        (document, sha) ->
            new Fetched("fetched".getBytes(StandardCharsets.UTF_8), "abc", T0.plusSeconds(5));

    Outcome outcome = index(request("c1", null, new Action.Fetch(null)));

    assertThat(outcome.commitSha()).isEqualTo("abc");
    assertThat(store.find(URI))
        .get()
        .extracting(StoredDocument::changedAt)
        .isEqualTo(T0.plusSeconds(5));
  }

  @Test
  void anOlderCommitThatWasForcedReplacesANewerOne() throws InterruptedException {
    // given
    index(content("c1", 10, "taken back"));
    source =
        (document, sha) ->
            new Fetched("older".getBytes(StandardCharsets.UTF_8), "abc", T0.plusSeconds(5));

    // when
    Outcome outcome = index(request("c2", 20, new Action.Fetch(null)));

    // then
    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(store.contents(URI)).containsExactly("older");
    assertThat(store.find(URI))
        .get()
        .extracting(StoredDocument::changedAt)
        .isEqualTo(T0.plusSeconds(20));
  }

  @Test
  void whatIsAwayIsWaitedFor() throws InterruptedException {
    store.failures = 3;

    Outcome outcome = index(content("c1", 1, "text"));

    assertThat(outcome.status()).isEqualTo(Status.INDEXED);
    assertThat(pauses)
        .containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void whatAsksToWaitIsWaitedForAsLong() throws InterruptedException {
    List<Integer> calls = new ArrayList<>();
    source =
        (document, sha) -> {
          calls.add(calls.size());
          if (calls.size() == 1) {
            throw new UnavailableException(
                "limited", Duration.ofSeconds(17), new IOException("limited"));
          }
          return new Fetched("text".getBytes(StandardCharsets.UTF_8), "abc", T0);
        };

    index(request("c1", null, new Action.Fetch(null)));

    assertThat(pauses).containsExactly(Duration.ofSeconds(17));
  }

  @Test
  void whatStaysAwayIsGivenBack() {
    store.failures = 1_000;

    assertThatThrownBy(() -> index(content("c1", 1, "text")))
        .isInstanceOf(UnavailableException.class);
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aSourceThatDoesNotAnswerIsNotWaitedForLong() {
    source =
        (document, sha) -> {
          throw new UnavailableException("away", null, new IOException("away"));
        };

    assertThatThrownBy(() -> index(request("c1", null, new Action.Fetch(null))))
        .isInstanceOf(UnavailableException.class);
    assertThat(pauses.stream().reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void documentsThatAreTooLargeOrNoTextAreRejectedWithTheReason() {
    assertThatThrownBy(() -> index(content("c1", 1, "x".repeat(10_001))))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("too_large");
    assertThatThrownBy(() -> index(content("c1", 1, "a\0b")))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("unparsable");
    assertThatThrownBy(() -> index(request("c1", null, new Action.Fetch(null))))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("not_found");
  }
}
