package dev.millrace.embedding.index;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the index knows of a document. A removed one stays known, so that an old content that
 * arrives late does not bring it back.
 *
 * @param revision counts its changes in the index, from 1
 * @param changedAt when it got its content
 * @param contentHash hash of its content; null of a removed one
 * @param recipe how it was cut and embedded; null of a removed one
 * @param changeId change that made it what it is
 * @param outcome how that change ended
 */
public record StoredDocument(
    long revision,
    Instant changedAt,
    @Nullable String contentHash,
    @Nullable String recipe,
    String changeId,
    Outcome outcome) {}
