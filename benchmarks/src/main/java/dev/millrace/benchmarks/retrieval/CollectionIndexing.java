package dev.millrace.benchmarks.retrieval;

import dev.millrace.benchmarks.retrieval.BeirCollection.Document;
import dev.millrace.embedding.chunk.ChunkLimits;
import dev.millrace.embedding.index.DocumentRef;
import dev.millrace.embedding.index.DocumentRejectedException;
import dev.millrace.embedding.index.EmbeddingPace;
import dev.millrace.embedding.index.IndexRequest;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Indexer;
import dev.millrace.embedding.index.PostgresDocumentStore;
import dev.millrace.embedding.index.Retryer;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Indexes a collection with the embedding worker's own parts and default limits. */
final class CollectionIndexing {

  private static final String SCHEME = "bench://";
  private static final ChunkLimits LIMITS = new ChunkLimits(200, 30);
  private static final long MAX_BYTES = 10 << 20;
  private static final int THREADS = 4;
  private static final int PROGRESS_EVERY = 2_000;

  /** Documents read ahead, so that a collection need not fit into memory. */
  private static final int MAX_WAITING = 1_000;

  private final Indexer indexer;

  CollectionIndexing(Jdbi jdbi, EmbeddingModel model) {
    Retryer none = new Retryer(Duration.ZERO, Duration.ZERO, Thread::sleep);
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

  /** Indexes all documents; one that cannot be indexed is told of and left out. */
  void index(BeirCollection collection)
      throws IOException, InterruptedException, ExecutionException {
    long start = System.nanoTime();
    List<Future<@Nullable Void>> running = new ArrayList<>();
    Semaphore waiting = new Semaphore(MAX_WAITING);
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      collection.documents(document -> {
        waiting.acquireUninterruptibly();
        running.add(
            threads.submit(() -> {
              try {
                index(document);
              } finally {
                waiting.release();
              }
              progress(done.incrementAndGet());
              return null;
            }));
      });
      for (Future<@Nullable Void> each : running) {
        each.get();
      }
    }
    System.err.printf(
        "bench: %d documents in %d s%n",
        running.size(), (System.nanoTime() - start) / 1_000_000_000);
  }

  private static void progress(int done) {
    if (done % PROGRESS_EVERY == 0) {
      System.err.printf("bench: %d documents%n", done);
    }
  }

  private void index(Document document) throws InterruptedException {
    try {
      indexer.index(request(document));
    } catch (DocumentRejectedException e) {
      System.err.printf("bench: the document %s is left out: %s%n", document.id(), e.getMessage());
    }
  }

  /** Where there is only a title, it is the text; what Postgres cannot hold is left out. */
  static IndexRequest request(Document document) {
    String given = withoutNul(document.title()).strip();
    String text = withoutNul(document.text());
    boolean bare = text.isBlank();
    String title = bare || given.isEmpty() ? null : given;
    return new IndexRequest(
        document.id(),
        new DocumentRef(SCHEME + document.id(), null, null, null, null, title, null),
        null,
        Instant.EPOCH,
        new Action.Content(bare ? given : text, "text/plain"));
  }

  private static String withoutNul(String text) {
    return text.replace("\0", "");
  }
}
