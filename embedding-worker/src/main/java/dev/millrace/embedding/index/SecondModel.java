package dev.millrace.embedding.index;

import dev.millrace.embedding.index.SecondModelStore.Revision;
import dev.millrace.embedding.index.SecondModelStore.Source;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.usage.CallCause;
import dev.millrace.schemas.event.TraceContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds all documents with a second model, and those that change again and again, so that searches
 * can move from one model to the other at any time afterwards: a re-embedding without downtime.
 *
 * <p>What is done is known to the database: the job goes on where it was after a restart, and
 * several workers share it, as a document that another was faster with is left to it. Searches with
 * the first model do not notice; those with the second see a document with all of its chunks or,
 * for a moment after a change, as it was before.
 */
public final class SecondModel implements Component {

  private static final Logger log = LoggerFactory.getLogger(SecondModel.class);
  private static final int BATCH = 20;
  private static final Duration IDLE = Duration.ofSeconds(1);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);
  private static final long STOP_MILLIS = 10_000;

  private final EmbeddingModel model;
  private final SecondModelStore store;
  private final PostgresDocumentStore chunks;
  private final Embedder embedder;
  private final Retryer retryer;
  private final Set<String> refused = new HashSet<>();
  private final Thread thread =
      Thread.ofVirtual().name("embedding-second-model").unstarted(this::run);
  private volatile boolean complete;

  /**
   * @param first model that documents are indexed with
   * @param second model to embed them with as well
   */
  public SecondModel(
      Jdbi jdbi, EmbeddingModel first, EmbeddingModel second, EmbeddingPace pace, Retryer retryer) {
    this.model = second;
    this.store = new SecondModelStore(jdbi, first.space().model(), second.space());
    this.chunks = new PostgresDocumentStore(jdbi, second.space());
    this.embedder = new Embedder(second, pace, retryer);
    this.retryer = retryer;
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        retryer.pause(pass());
      }
    } catch (InterruptedException e) {
      log.atDebug().log("stopped");
    }
  }

  /** Does some documents; returns how long there is nothing more to do. */
  private Duration pass() throws InterruptedException {
    try {
      List<Revision> lacking = retryer.call(() -> store.lacking(refused, BATCH));
      for (Revision document : lacking) {
        embed(document);
      }
      if (lacking.isEmpty() != complete) {
        complete = lacking.isEmpty();
        log.atInfo()
            .addKeyValue("model", model.space().model())
            .addKeyValue("complete", complete)
            .addKeyValue("refusedDocuments", refused.size())
            .log("the second model");
      }
      return lacking.isEmpty() ? IDLE : Duration.ZERO;
    } catch (UnavailableException e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("the second model waits");
      return AFTER_FAILURE;
    }
  }

  private void embed(Revision document) throws InterruptedException {
    List<Source> sources = retryer.call(() -> store.sources(document.uri()));
    Map<Integer, String> texts = new HashMap<>();
    sources.forEach(source -> texts.put(source.chunk().index(), source.text()));
    try {
      List<StoredChunk> there =
          retryer.call(() -> chunks.chunks(document.uri(), model.space().model()));
      List<PlacedChunk> placed =
          CallCause.subject(TraceContext.start(), document.uri())
              .within(() ->
                  embedder.place(
                      sources.stream().map(Source::chunk).toList(),
                      there,
                      chunk -> texts.getOrDefault(chunk.index(), chunk.content())));
      boolean _ = retryer.call(() -> store.replace(document, placed));
    } catch (DocumentRejectedException e) {
      refused.add(document.uri());
      log.atError()
          .addKeyValue("document", document.uri())
          .addKeyValue("reason", e.getMessage())
          .log("the second model does not take a document; it is left out until the next start");
    }
  }
}
