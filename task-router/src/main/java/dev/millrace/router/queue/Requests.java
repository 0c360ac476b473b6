package dev.millrace.router.queue;

import dev.millrace.schemas.event.Effect;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A task is asked for. */
final class Requests {

  /** Agents pass over what such a replay leads to: the task would hold a slot for nothing. */
  private static final String NO_MODEL_CALLS =
      "a replay without model calls asked for it; no agent would do it";

  private Requests() {}

  static void take(Turn turn, QueueEvent.TaskRequested requested) {
    TaskRequest request = requested.request();
    TaskId id = new TaskId(request.getTaskId());
    if (turn.state().task(id).isPresent()) {
      return;
    }
    if (!requested.origin().context().allows(Effect.MODEL_CALLS)) {
      turn.effect(new QueueEffect.Rejected(request, NO_MODEL_CALLS));
      return;
    }
    int capacity = turn.settings().capacity();
    QueueEvent.Moved moved = requested.moved();
    if (moved == null && turn.status().backlog() >= capacity) {
      turn.effect(
          new QueueEffect.Rejected(
              request, "the queue is full: it holds at most " + capacity + " waiting tasks"));
      return;
    }
    Place place = turn.newPlace(request.getPriority(), Tenant.of(request.getTenant()));
    Instant deadline = deadline(turn, request);
    Task task =
        new Task(
            id,
            request.getTaskType(),
            request.getPriority(),
            requested.origin(),
            place,
            deadline,
            moved == null ? 0 : moved.attempts(),
            0,
            0,
            moved != null,
            new Stage.Waiting());
    turn.state().save(id, request);
    turn.move(null, task);
    if (moved == null) {
      turn.effect(new QueueEffect.TaskStep(TaskEventType.CREATED, task, null, null, null));
    }
    turn.step(TaskEventType.QUEUED, task, moved == null ? null : "taken over from another agent");
    if (deadline != null) {
      expectBy(turn, task, deadline);
    }
  }

  private static @Nullable Instant deadline(Turn turn, TaskRequest request) {
    if (request.getDeadline() != null) {
      return request.getDeadline();
    }
    return turn.settings().deadline() == null ? null : turn.now().plus(turn.settings().deadline());
  }

  private static void expectBy(Turn turn, Task task, Instant deadline) {
    if (deadline.isAfter(turn.now())) {
      turn.state().arm(new Timer(deadline, Timer.Kind.DEADLINE, task.id().value()));
    } else {
      turn.abandon(task, Stage.Outcome.EXPIRED, Clock.deadlinePassed(deadline));
    }
  }
}
