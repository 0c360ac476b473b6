package dev.millrace.embedding.index;

import org.jspecify.annotations.Nullable;

/**
 * How the indexing of a document ended.
 *
 * @param status what was done
 * @param chunks chunks the document has now
 * @param embeddingsCreated chunks that were embedded anew
 * @param category category the document has
 * @param commitSha commit it was read at
 * @param reason why nothing was done, when a newer content was there
 */
public record Outcome(
    Status status,
    int chunks,
    int embeddingsCreated,
    @Nullable String category,
    @Nullable String commitSha,
    @Nullable String reason) {

  /** What was done. */
  public enum Status {
    /** Searches find its new content. */
    INDEXED,
    /** It has the content that was indexed before. */
    UNCHANGED,
    /** Searches find it no longer. */
    REMOVED,
    /** A newer content was indexed before. */
    SUPERSEDED
  }
}
