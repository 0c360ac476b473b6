package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What events say about a task: what was asked for, where it stands, what was committed for it.
 *
 * @param taskId the task
 * @param request what was asked for; the first request with the id counts
 * @param step where it stands; the latest step counts
 * @param commit what was committed; the latest counts
 * @param traceId trace of the request, or of the first event before there is one
 * @param startedAt when its first run started, if it did
 * @param firstAt when the first of these events happened
 * @param lastAt when the last of them happened
 */
record TaskChange(
    String taskId,
    @Nullable Request request,
    @Nullable Step step,
    @Nullable Commit commit,
    String traceId,
    @Nullable Instant startedAt,
    Instant firstAt,
    Instant lastAt) {

  /** A request, and when it was made. */
  record Request(TaskRequest request, Instant at) {}

  /** A step and its offset in {@code task.events}, where all steps of a task are in order. */
  record Step(TaskEvent event, long offset) {}

  /** What an event says about a task, if anything. */
  static Optional<TaskChange> of(MirrorRow row) {
    return switch (row.value().value()) {
      case TaskRequest request when !request.getTaskId().isBlank() ->
          Optional.of(requested(request, row));
      case TaskEvent event when event.getTaskId() != null -> Optional.of(stepped(event, row));
      case AgentEvent event when event.getType() == AgentEventType.COMMITTED ->
          Optional.of(committed(event, row));
      case null, default -> Optional.empty();
    };
  }

  private static TaskChange requested(TaskRequest request, MirrorRow row) {
    Instant at = Acceptance.timeOf(request.getRequestedAt(), row);
    return new TaskChange(
        request.getTaskId(), new Request(request, at), null, null, trace(row), null, at, at);
  }

  private static TaskChange stepped(TaskEvent event, MirrorRow row) {
    Instant at = event.getOccurredAt();
    return new TaskChange(
        event.getTaskId(),
        null,
        new Step(event, row.record().offset()),
        null,
        trace(row),
        event.getType() == TaskEventType.STARTED ? at : null,
        at,
        at);
  }

  private static TaskChange committed(AgentEvent event, MirrorRow row) {
    Instant at = event.getOccurredAt();
    return new TaskChange(
        event.getTaskId(), null, null, event.getCommit(), trace(row), null, at, at);
  }

  private static String trace(MirrorRow row) {
    return row.context().trace().traceId();
  }

  /** This change and one that was mirrored after it, as one. */
  TaskChange then(TaskChange later) {
    return new TaskChange(
        taskId,
        request == null ? later.request : request,
        merge(step, later.step),
        later.commit == null ? commit : later.commit,
        request == null && later.request != null ? later.traceId : traceId,
        startedAt == null ? later.startedAt : startedAt,
        firstAt.isBefore(later.firstAt) ? firstAt : later.firstAt,
        lastAt.isAfter(later.lastAt) ? lastAt : later.lastAt);
  }

  /** A step that says nothing of a status, agent or run leaves what earlier ones said. */
  private static @Nullable Step merge(@Nullable Step first, @Nullable Step second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    TaskEvent earlier = first.event;
    TaskEvent later = second.event;
    boolean moves = later.getStatus() != null;
    TaskEvent merged =
        TaskEvent.newBuilder(later)
            .setStatus(moves ? later.getStatus() : earlier.getStatus())
            .setOccurredAt(moves ? later.getOccurredAt() : earlier.getOccurredAt())
            .setReason(moves ? later.getReason() : earlier.getReason())
            .setQueue(or(later.getQueue(), earlier.getQueue()))
            .setAgent(or(later.getAgent(), earlier.getAgent()))
            .setTaskType(or(later.getTaskType(), earlier.getTaskType()))
            .setPriority(or(later.getPriority(), earlier.getPriority()))
            .setAttempt(Math.max(later.getAttempt(), earlier.getAttempt()))
            .setRunId(or(later.getRunId(), earlier.getRunId()))
            .setResult(or(later.getResult(), earlier.getResult()))
            .build();
    return new Step(merged, second.offset);
  }

  private static <T> @Nullable T or(@Nullable T value, @Nullable T other) {
    return value == null ? other : value;
  }

  /** Where the task works, if the request says. */
  @Nullable TaskContext context() {
    return request == null ? null : request.request.getContext();
  }

  /** When it ended, if its step is an end. */
  @Nullable Instant completedAt() {
    if (step == null || step.event.getStatus() == null) {
      return null;
    }
    TaskStatus status = step.event.getStatus();
    return switch (status) {
      case COMPLETED, FAILED, CANCELLED -> step.event.getOccurredAt();
      case PENDING, QUEUED, ASSIGNED, IN_PROGRESS, PAUSED, UNKNOWN -> null;
    };
  }
}
