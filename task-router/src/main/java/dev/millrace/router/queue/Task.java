package dev.millrace.router.queue;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.Priority;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a queue keeps of a task besides its request.
 *
 * @param id its identity
 * @param type kind of work
 * @param priority as it was asked for
 * @param origin the event that asked for it: every step of the task is in its trace
 * @param place its place in the waiting line, kept while it is out of the line
 * @param deadline when it is worth nothing any more
 * @param attempt number of the last run, 0 before the first
 * @param failures runs that failed since it was last asked for
 * @param approvals how often somebody approved that it goes on beyond its limits
 * @param moved whether it came from the queue of another agent
 * @param stage where it stands
 */
public record Task(
    TaskId id,
    String type,
    Priority priority,
    Origin origin,
    Place place,
    @Nullable Instant deadline,
    int attempt,
    int failures,
    int approvals,
    boolean moved,
    Stage stage) {

  /**
   * The event that asked for a task.
   *
   * @param context its identity and trace
   * @param position where it stands on Kafka, for the dead letters
   */
  public record Origin(EventContext context, Position position) {}

  public Task {
    if (attempt < 0 || failures < 0 || failures > attempt) {
      throw new IllegalArgumentException(
          "task %s cannot have failed %d of %d runs".formatted(id, failures, attempt));
    }
  }

  /** The run of its last attempt; null before the first. */
  public @Nullable RunId lastRun() {
    return attempt == 0 ? null : RunId.of(id, attempt);
  }

  Task at(Stage next) {
    return new Task(
        id, type, priority, origin, place, deadline, attempt, failures, approvals, moved, next);
  }

  Task at(Place next) {
    return new Task(
        id, type, priority, origin, next, deadline, attempt, failures, approvals, moved, stage);
  }

  /** Its next attempt begins. */
  Task dispatched(Instant leaseUntil) {
    RunId run = RunId.of(id, attempt + 1);
    return new Task(
        id,
        type,
        priority,
        origin,
        place,
        deadline,
        attempt + 1,
        failures,
        approvals,
        moved,
        new Stage.Running(run, false, leaseUntil, null));
  }

  Task failedOnce() {
    return new Task(
        id,
        type,
        priority,
        origin,
        place,
        deadline,
        attempt,
        failures + 1,
        approvals,
        moved,
        stage);
  }

  /** Asked for again: its failures are forgiven, the numbers of its runs go on. */
  Task renewed(Place next, @Nullable Instant newDeadline) {
    return new Task(
        id,
        type,
        priority,
        origin,
        next,
        newDeadline,
        attempt,
        0,
        approvals,
        moved,
        new Stage.Waiting());
  }

  /** Somebody approved that it goes on. */
  Task approved() {
    return new Task(
        id,
        type,
        priority,
        origin,
        place,
        deadline,
        attempt,
        failures,
        approvals + 1,
        moved,
        stage);
  }
}
