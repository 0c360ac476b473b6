package dev.millrace.embedding.index;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where the content of documents is fetched. */
@FunctionalInterface
public interface DocumentSource {

  /**
   * Fetches a document.
   *
   * @param commitSha commit to read it at; null is the newest of its branch
   * @throws DocumentRejectedException if it is not there, or may not be read
   * @throws UnavailableException if it may be fetched later
   */
  Fetched fetch(DocumentRef document, @Nullable String commitSha);

  /** A document as it was found. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fetched(byte[] content, String commitSha, Instant committedAt) {}
}
