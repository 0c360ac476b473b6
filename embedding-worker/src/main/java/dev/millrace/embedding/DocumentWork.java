package dev.millrace.embedding;

import dev.millrace.embedding.announce.Announcer;
import dev.millrace.embedding.folder.FolderChanges;
import dev.millrace.embedding.index.DocumentRef;
import dev.millrace.embedding.index.DocumentRejectedException;
import dev.millrace.embedding.index.IndexRequest;
import dev.millrace.embedding.index.IndexRequest.Action;
import dev.millrace.embedding.index.Outcome;
import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.runtime.usage.CallCause;
import dev.millrace.schemas.document.DocumentChange;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Indexes the document of a change, then says so. A delivery that comes again finds the work done
 * in the index and says so again, under the same event ids.
 */
final class DocumentWork implements Work<DocumentChange> {

  private static final int MAX_URI_LENGTH = 2_048;

  /** How far the clock of a producer may run ahead of this one. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

  /** Indexes a document. */
  @FunctionalInterface
  interface Indexing {
    Outcome index(IndexRequest request) throws InterruptedException;
  }

  private final Indexing indexing;
  private final FolderChanges folders;
  private final Announcer announcer;
  private final Clock clock;

  DocumentWork(Indexing indexing, FolderChanges folders, Announcer announcer, Clock clock) {
    this.indexing = indexing;
    this.folders = folders;
    this.announcer = announcer;
    this.clock = clock;
  }

  @Override
  public void process(Delivery<DocumentChange> delivery) throws InterruptedException {
    long start = System.nanoTime();
    DocumentChange change = delivery.value();
    try {
      if (FolderChanges.isFolder(change)) {
        announcer.found(change, folders.of(change), delivery.context());
        return;
      }
      IndexRequest request = request(delivery);
      Outcome outcome =
          CallCause.subject(delivery.context().trace(), request.document().uri())
              .within(() -> indexing.index(request));
      Duration duration = Duration.ofNanos(System.nanoTime() - start);
      announcer.indexed(change, outcome, duration, delivery.context());
    } catch (DocumentRejectedException e) {
      String reason = String.valueOf(e.getMessage());
      announceFailure(delivery, reason, start);
      throw new WorkRejectedException(reason);
    } catch (UnavailableException e) {
      if (delivery.attempt() >= ShareWorkerConfig.DEFAULT_MAX_DELIVERIES) {
        announceFailure(delivery, "unavailable: " + e.getMessage(), start);
      }
      throw e;
    }
  }

  private void announceFailure(Delivery<DocumentChange> delivery, String reason, long start)
      throws InterruptedException {
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    announcer.failed(delivery.value(), reason, duration, delivery.context());
  }

  private IndexRequest request(Delivery<DocumentChange> delivery) {
    DocumentChange change = delivery.value();
    String uri = change.getDocumentUri();
    if (uri.isBlank() || uri.length() > MAX_URI_LENGTH) {
      throw new DocumentRejectedException(
          "invalid: document_uri: expected 1 to %d characters, found %d"
              .formatted(MAX_URI_LENGTH, uri.length()));
    }
    requireStorable(change);
    Action action = action(change);
    return new IndexRequest(
        delivery.context().id().value(),
        document(change),
        change.getCommitSha(),
        changedAt(change, action, delivery.context().time()),
        action);
  }

  /** Postgres holds no text with U+0000 in it. */
  private static void requireStorable(DocumentChange change) {
    for (Schema.Field field : change.getSchema().getFields()) {
      boolean isStored = !field.name().equals("content");
      if (isStored && change.get(field.pos()) instanceof String text && text.indexOf(0) >= 0) {
        throw new DocumentRejectedException(
            "invalid: %s: expected text without the character U+0000".formatted(field.name()));
      }
    }
  }

  private static Action action(DocumentChange change) {
    return switch (change.getChange()) {
      case REMOVED -> new Action.Remove();
      case ADDED, MODIFIED -> newContent(change);
      case UNKNOWN ->
          throw new DocumentRejectedException(
              "invalid: change: expected ADDED, MODIFIED or REMOVED, found one this version does"
                  + " not know");
    };
  }

  private static Action newContent(DocumentChange change) {
    if (change.getContent() != null) {
      return new Action.Content(change.getContent(), change.getContentType());
    }
    ByteBuffer file = change.getContentBytes();
    if (file == null) {
      return new Action.Fetch(change.getContentType());
    }
    byte[] bytes = new byte[file.remaining()];
    file.duplicate().get(bytes);
    return new Action.File(bytes, change.getContentType());
  }

  /**
   * What is fetched without a commit gets its time from the commit that is found. A commit whose
   * author's clock ran ahead is as old as the event that told of it.
   */
  private @Nullable Instant changedAt(DocumentChange change, Action action, Instant eventTime) {
    if (change.getCommittedAt() != null) {
      Instant committedAt = change.getCommittedAt();
      return requireCome("committed_at", committedAt.isAfter(eventTime) ? eventTime : committedAt);
    }
    if (action instanceof Action.Fetch) {
      return null;
    }
    return requireCome("changed_at", Optional.ofNullable(change.getChangedAt()).orElse(eventTime));
  }

  /** Of a time to come, every later version of the document would be older. */
  private Instant requireCome(String field, Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(clock.instant().plus(MAX_CLOCK_SKEW))) {
      throw new DocumentRejectedException(
          "invalid: %s: expected a time from 1970 on that has come, found %s"
              .formatted(field, time));
    }
    return time;
  }

  /** A file of a repository may be named by its URI alone. */
  private static DocumentRef document(DocumentChange change) {
    String repository = change.getRepository();
    String path = change.getFilePath();
    String uri = change.getDocumentUri();
    if ((repository == null || path == null) && uri.startsWith(DocumentRef.GITHUB_SCHEME)) {
      String[] parts = uri.substring(DocumentRef.GITHUB_SCHEME.length()).split("/", 3);
      if (parts.length == 3) {
        repository = parts[0] + '/' + parts[1];
        path = parts[2];
      }
    }
    return new DocumentRef(
        uri,
        change.getCategory(),
        repository,
        path,
        change.getBranch(),
        change.getTitle(),
        change.getTenant());
  }
}
