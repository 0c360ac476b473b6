package dev.millrace.benchmarks.retrieval;

import dev.millrace.benchmarks.retrieval.BeirCollection.Document;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.index.DocumentRef;
import dev.millrace.embedding.index.DocumentRejectedException;
import dev.millrace.embedding.index.EmbeddingPace;
import dev.millrace.embedding.index.IndexRequest;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Indexer;
import dev.millrace.embedding.index.Patience;
import dev.millrace.embedding.index.PostgresDocumentStore;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Indexes a collection with the embedding worker's own parts and default limits. */
final class CollectionIndexing {

  private static final String SCHEME = "bench://";
  private static final ChunkLimits LIMITS = new ChunkLimits(200, 30);
  private static final long MAX_BYTES = 10 << 20;
  private static final int THREADS = 4;
  private static final int PROGRESS_EVERY = 2_000;

  private final Indexer indexer;

  CollectionIndexing(Jdbi jdbi, EmbeddingModel model) {
    Patience none = new Patience(Duration.ZERO, Duration.ZERO, Thread::sleep);
    this.indexer =
        new Indexer(
            (document, commit) -> {
              throw new DocumentRejectedException("a collection brings its contents along");
            },
            Parsers.standard(),
            model,
            new PostgresDocumentStore(jdbi, model.space()),
            none,
            none,
            new EmbeddingPace(),
            LIMITS,
            MAX_BYTES);
  }

  /** Id of a document in its collection. */
  static String id(String uri) {
    return uri.substring(SCHEME.length());
  }

  void index(BeirCollection collection)
      throws IOException, InterruptedException, ExecutionException {
    long start = System.nanoTime();
    List<Future<@Nullable Void>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      collection.documents(document ->
          running.add(
              threads.submit(() -> {
                index(document);
                return null;
              })));
      for (int i = 0; i < running.size(); i++) {
        running.get(i).get();
        if ((i + 1) % PROGRESS_EVERY == 0) {
          System.err.printf("bench: %d of %d documents%n", i + 1, running.size());
        }
      }
    }
    System.err.printf(
        "bench: %d documents in %d s%n",
        running.size(), (System.nanoTime() - start) / 1_000_000_000);
  }

  private void index(Document document) throws InterruptedException {
    String title = document.title().isBlank() ? null : document.title().strip();
    DocumentRef reference =
        new DocumentRef(SCHEME + document.id(), null, null, null, null, title, null);
    indexer.index(
        new IndexRequest(
            document.id(),
            reference,
            null,
            Instant.EPOCH,
            new Action.Content(document.text(), "text/plain")));
  }
}
