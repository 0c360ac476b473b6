package dev.millrace.embedding.announce;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.embedding.index.Outcome;
import dev.millrace.embedding.index.Outcome.Status;
import dev.millrace.knowledge.vector.VectorSpace;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.document.IndexingStatus;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * Says how the indexing of a document ended: on {@code document.embeddings}, and to platforms as
 * {@code blueprint_updated} when searches find something new. The ids come from the change, so that
 * what is said twice is one event.
 */
public final class Announcer {

  /** Platforms know the indexing by this name. */
  static final String SOURCE = "updateKnowledge";

  static final String BLUEPRINT_UPDATED = "blueprint_updated";

  private final String app;
  private final VectorSpace space;
  private final Publisher publisher;

  /** Writes an event and waits until it is acknowledged. */
  @FunctionalInterface
  public interface Publisher {
    <T extends SpecificRecord> void publish(
        Topic<T> topic, String key, T value, EventContext context) throws InterruptedException;
  }

  public Announcer(String app, VectorSpace space, EventPublisher publisher) {
    this(app, space, writingTo(publisher));
  }

  public Announcer(String app, VectorSpace space, Publisher publisher) {
    this.app = app;
    this.space = space;
    this.publisher = publisher;
  }

  private static Publisher writingTo(EventPublisher publisher) {
    return new Publisher() {
      @Override
      public <T extends SpecificRecord> void publish(
          Topic<T> topic, String key, T value, EventContext context) throws InterruptedException {
        publisher.publishAndWait(topic, key, value, context);
      }
    };
  }

  /** Says what was done. */
  public void indexed(DocumentChange change, Outcome outcome, Duration duration, EventContext cause)
      throws InterruptedException {
    DocumentEmbedding embedding =
        embedding(change, duration, cause)
            .setStatus(IndexingStatus.valueOf(outcome.status().name()))
            .setChunksProcessed(outcome.chunks())
            .setEmbeddingsCreated(outcome.embeddingsCreated())
            .setCategory(outcome.category())
            .setCommitSha(outcome.commitSha())
            .setReason(outcome.reason())
            .build();
    publish(embedding, cause);
    if (outcome.status() == Status.INDEXED) {
      publishUpdate(change, outcome, cause);
    }
  }

  /** Hands on the documents that were found in a folder, and says how many. */
  public void found(DocumentChange folder, List<DocumentChange> documents, EventContext cause)
      throws InterruptedException {
    for (DocumentChange document : documents) {
      String uri = document.getDocumentUri();
      publisher.publish(
          Topics.DOCUMENT_CHANGES, uri, document, cause.derive(app, "document-change/" + uri));
    }
    DocumentEmbedding embedding =
        embedding(folder, Duration.ZERO, cause)
            .setStatus(IndexingStatus.UNCHANGED)
            .setChunksProcessed(0)
            .setEmbeddingsCreated(0)
            .setCategory(folder.getCategory())
            .setDocuments(documents.size())
            .build();
    publish(embedding, cause);
  }

  /** Says that nothing was done, and why. */
  public void failed(DocumentChange change, String reason, Duration duration, EventContext cause)
      throws InterruptedException {
    DocumentEmbedding embedding =
        embedding(change, duration, cause)
            .setStatus(IndexingStatus.FAILED)
            .setChunksProcessed(0)
            .setEmbeddingsCreated(0)
            .setCategory(change.getCategory())
            .setCommitSha(change.getCommitSha())
            .setReason(reason)
            .build();
    publish(embedding, cause);
  }

  private DocumentEmbedding.Builder embedding(
      DocumentChange change, Duration duration, EventContext cause) {
    return DocumentEmbedding.newBuilder()
        .setDocumentUri(change.getDocumentUri())
        .setModel(space.model())
        .setDimensions(space.dimensions())
        .setRepository(change.getRepository())
        .setFilePath(change.getFilePath())
        .setBranch(change.getBranch())
        .setRequestId(change.getRequestId())
        .setCauseId(cause.id().value())
        .setDurationMs(duration.toMillis())
        .setIndexedAt(Instant.now());
  }

  private void publish(DocumentEmbedding embedding, EventContext cause)
      throws InterruptedException {
    publisher.publish(
        Topics.DOCUMENT_EMBEDDINGS,
        embedding.getDocumentUri(),
        embedding,
        cause.derive(app, "document-embedding"));
  }

  private void publishUpdate(DocumentChange change, Outcome outcome, EventContext cause)
      throws InterruptedException {
    EventContext context = cause.derive(app, BLUEPRINT_UPDATED);
    String path = change.getFilePath();
    ObjectNode data =
        JsonNodeFactory.instance
            .objectNode()
            .put("repository", change.getRepository())
            .put("file_path", path == null ? change.getDocumentUri() : path)
            .put("chunks_added", outcome.embeddingsCreated());
    PlatformEvent event =
        PlatformEvent.newBuilder()
            .setEventType(BLUEPRINT_UPDATED)
            .setSource(SOURCE)
            .setPriority(Priority.MEDIUM)
            .setData(data.toString())
            .setEventId(context.id().value())
            .setOccurredAt(context.time())
            .build();
    publisher.publish(Topics.PLATFORM_EVENTS, SOURCE, event, context);
  }
}
