package dev.millrace.router.queue;

import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a task stands in its queue.
 *
 * <pre>
 *               +--------- retry by command -----------+
 *               v                                      |
 *  request -> Waiting -> Running -> Finished (completed, failed, cancelled, expired, moved)
 *             ^ |   ^      |                           ^
 *      resume | |   | due  | failed, may be retried    |
 *             | v   |      v                           |
 *            Held   +-- Delayed                        |
 *              +-----------+------ cancel, deadline ---+
 * </pre>
 *
 * A run that must not go on by itself ends as {@code Asking}: approved, the task waits again; not
 * approved in time, it has failed.
 */
public sealed interface Stage {

  /** It waits for a free slot. */
  record Waiting() implements Stage {}

  /** It waits until it may be tried again. */
  record Delayed(Instant until) implements Stage {}

  /** Somebody paused it. */
  record Held() implements Stage {}

  /** Its run stopped and asks whether it may go on; without an answer it fails. */
  record Asking(Instant until) implements Stage {}

  /**
   * It is dispatched, and holds a slot until its run has ended.
   *
   * @param run the run that holds the slot; no other run of the task counts
   * @param started whether the agent has reported
   * @param leaseUntil when the run is taken back unless the agent reports
   * @param ending why the run was told to end, if it was
   */
  record Running(RunId run, boolean started, Instant leaseUntil, @Nullable Ending ending)
      implements Stage {}

  /**
   * It is over.
   *
   * @param forgetAt when it is forgotten: if it is asked for again, it is new
   */
  record Finished(Outcome outcome, Instant at, Instant forgetAt) implements Stage {}

  /** Why a run was told to end, and what becomes of its task then. */
  record Ending(Outcome outcome, String reason) {}

  /** How a task ended. */
  enum Outcome {
    COMPLETED,
    FAILED,
    CANCELLED,
    EXPIRED,
    /** It is in another queue now. */
    MOVED
  }

  /** What the world is told. */
  default TaskStatus status() {
    return switch (this) {
      case Waiting _, Delayed _ -> TaskStatus.QUEUED;
      case Held _, Asking _ -> TaskStatus.PAUSED;
      case Running running -> running.started() ? TaskStatus.IN_PROGRESS : TaskStatus.ASSIGNED;
      case Finished finished ->
          switch (finished.outcome()) {
            case COMPLETED -> TaskStatus.COMPLETED;
            case FAILED, EXPIRED -> TaskStatus.FAILED;
            case CANCELLED -> TaskStatus.CANCELLED;
            case MOVED -> TaskStatus.QUEUED;
          };
    };
  }
}
