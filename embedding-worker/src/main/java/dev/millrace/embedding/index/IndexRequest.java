package dev.millrace.embedding.index;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A document to bring up to date in the index.
 *
 * @param changeId identity of the change; a change that comes twice is done once
 * @param document which document
 * @param commitSha commit it is read at; null is the newest
 * @param changedAt when it got this content: an older content never replaces a newer one. Null when
 *     that is known only after it was fetched
 * @param action what happened to it
 */
public record IndexRequest(
    String changeId,
    DocumentRef document,
    @Nullable String commitSha,
    @Nullable Instant changedAt,
    Action action) {

  /** What happened to a document. */
  public sealed interface Action {
    /** Its content came along. */
    record Content(String text, @Nullable String mediaType) implements Action {}

    /** Its content came along as a file. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record File(byte[] bytes, @Nullable String mediaType) implements Action {}

    /** Its content is to be fetched. */
    record Fetch(@Nullable String mediaType) implements Action {}

    /** It is gone. */
    record Remove() implements Action {}
  }
}
