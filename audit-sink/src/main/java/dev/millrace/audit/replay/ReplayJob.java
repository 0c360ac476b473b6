package dev.millrace.audit.replay;

import dev.millrace.schemas.replay.ReplayRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replay that a sink runs now.
 *
 * @param id identity of the replay
 * @param request what is wanted
 * @param position how far it is; null before it is planned
 * @param matched records that match so far
 * @param written records written so far
 * @param fileBytes length of its file so far
 */
record ReplayJob(
    String id,
    ReplayRequest request,
    @Nullable Position position,
    long matched,
    long written,
    long fileBytes) {

  /**
   * The job as Kafka has kept it, where that is more than was reported: the batch was written, and
   * the sink died before it could say so.
   */
  ReplayJob orAsKept(Optional<ReplayProgress> kept) {
    return kept.filter(progress -> position != null && progress.written() > written)
        .map(progress ->
            new ReplayJob(
                id,
                request,
                progress.position(),
                progress.matched(),
                progress.written(),
                fileBytes))
        .orElse(this);
  }
}
