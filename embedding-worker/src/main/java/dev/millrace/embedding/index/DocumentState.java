package dev.millrace.embedding.index;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the index is to know of a document from now on.
 *
 * @param expectedRevision revision it is made from; 0 for a document that was not known
 * @param document which document
 * @param commitSha commit it was read at
 * @param changedAt when it got its content
 * @param contentHash hash of its content; null of a removed one
 * @param recipe how it was cut and embedded; null of a removed one
 * @param title its title
 * @param changeId change that makes it what it is
 * @param status how that change ends
 * @param chunks chunks it has
 * @param embeddingsCreated chunks that were embedded anew
 */
public record DocumentState(
    long expectedRevision,
    DocumentRef document,
    @Nullable String commitSha,
    Instant changedAt,
    @Nullable String contentHash,
    @Nullable String recipe,
    @Nullable String title,
    String changeId,
    Outcome.Status status,
    int chunks,
    int embeddingsCreated) {}
