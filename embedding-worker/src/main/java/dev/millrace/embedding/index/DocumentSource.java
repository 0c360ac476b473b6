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

  /**
   * A document as it was found.
   *
   * @param commitSha commit it was read at, in a repository
   * @param committedAt when it got this content
   * @param mediaType its type, if the source says so
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Fetched(
      byte[] content, @Nullable String commitSha, Instant committedAt, @Nullable String mediaType) {

    /** A file, whose name says of what type it is. */
    public Fetched(byte[] content, @Nullable String commitSha, Instant committedAt) {
      this(content, commitSha, committedAt, null);
    }
  }
}
