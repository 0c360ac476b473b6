package dev.millrace.embedding.push;

import dev.millrace.embedding.consumer.EventHandler;
import dev.millrace.embedding.index.BranchHeads;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.github.GithubEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes a change for each document of a push; the same push always leads to the same changes. */
public final class PushHandler implements EventHandler<GithubEvent> {

  private final String app;
  private final PushChanges changes;
  private final Newer newer;
  private final BranchHeads heads;
  private final EventPublisher publisher;

  /** Notes that documents have a newer content than the index. */
  @FunctionalInterface
  public interface Newer {
    void note(List<DocumentChange> changes);
  }

  /**
   * @param newer what searches are told while the changes wait
   * @param heads where it is noted that a branch moved, once all changes are written
   */
  public PushHandler(
      String app, PushChanges changes, Newer newer, BranchHeads heads, EventPublisher publisher) {
    this.app = app;
    this.newer = newer;
    this.changes = changes;
    this.heads = heads;
    this.publisher = publisher;
  }

  @Override
  public void handle(GithubEvent event, EventContext context) throws InterruptedException {
    Optional<Push> push = changes.of(event);
    if (push.isPresent()) {
      newer.note(push.get().changes());
      write(push.get().changes(), context);
      heads.moved(push.get().repository(), push.get().branch(), push.get().move());
    }
  }

  private void write(List<DocumentChange> changed, EventContext context)
      throws InterruptedException {
    List<CompletableFuture<RecordMetadata>> written =
        changed.stream().map(change -> write(change, context)).toList();
    for (CompletableFuture<RecordMetadata> acknowledged : written) {
      try {
        acknowledged.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof PublishException failure) {
          throw failure;
        }
        throw new IllegalStateException("a change was not written", e.getCause());
      }
    }
  }

  private CompletableFuture<RecordMetadata> write(DocumentChange change, EventContext context) {
    String uri = change.getDocumentUri();
    return publisher.publish(
        Topics.DOCUMENT_CHANGES, uri, change, context.derive(app, "document-change/" + uri));
  }
}
