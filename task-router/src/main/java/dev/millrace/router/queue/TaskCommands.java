package dev.millrace.router.queue;

import static dev.millrace.router.queue.Commands.reason;

import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Commands to one task of a queue. */
final class TaskCommands {

  private TaskCommands() {}

  /** Carries out a command and returns what is wrong with it, if something is. */
  static Optional<String> obey(Turn turn, TaskCommand command) {
    TaskId id = new TaskId(String.valueOf(command.getTaskId()));
    Optional<Task> found = turn.state().task(id);
    if (found.isEmpty()) {
      boolean anyQueue = command.getQueue().equals(RoutingTable.EVERY_QUEUE);
      return anyQueue ? Optional.empty() : Optional.of("the queue knows no task " + id);
    }
    Task task = found.get();
    return switch (command.getAction()) {
      case PAUSE -> hold(turn, task, command);
      case RESUME -> release(turn, task, command);
      case CANCEL -> cancel(turn, task, command);
      case RETRY -> retry(turn, task, command);
      case REORDER -> Reordering.move(turn, task, command);
      case APPROVE -> approve(turn, task, command);
      case CHANGE_SETTINGS, CLEAR ->
          Optional.of("expected no task_id with " + command.getAction() + ", found " + id);
      case UNKNOWN -> Optional.of("expected an action that this version knows, found another");
    };
  }

  private static Optional<String> hold(Turn turn, Task task, TaskCommand command) {
    return switch (task.stage()) {
      case Stage.Waiting _, Stage.Delayed _ -> {
        Task held = turn.move(task, task.at(new Stage.Held()));
        turn.step(TaskEventType.PAUSED, held, reason(command, "paused"));
        yield Optional.empty();
      }
      case Stage.Held _ -> Optional.empty();
      case Stage.Asking _, Stage.Running _, Stage.Finished _ ->
          Optional.of("only a waiting task can be paused, " + standing(task));
    };
  }

  private static Optional<String> release(Turn turn, Task task, TaskCommand command) {
    if (task.stage() instanceof Stage.Held) {
      turn.returnToLine(task, TaskEventType.RESUMED, reason(command, "resumed"));
    }
    return Optional.empty();
  }

  private static Optional<String> cancel(Turn turn, Task task, TaskCommand command) {
    String why = reason(command, "cancelled");
    return switch (task.stage()) {
      case Stage.Waiting _, Stage.Delayed _, Stage.Held _, Stage.Asking _ -> {
        turn.abandon(task, Stage.Outcome.CANCELLED, why);
        yield Optional.empty();
      }
      case Stage.Running running -> {
        if (running.ending() == null) {
          turn.endRun(task, running, new Stage.Ending(Stage.Outcome.CANCELLED, why));
          turn.step(TaskEventType.PROGRESSED, task, "the run was told to end: " + why);
        }
        yield Optional.empty();
      }
      // it ended meanwhile: what was wanted is so, and nobody has to look at it
      case Stage.Finished _ -> Optional.empty();
    };
  }

  private static Optional<String> retry(Turn turn, Task task, TaskCommand command) {
    String why = reason(command, "retried");
    return switch (task.stage()) {
      case Stage.Delayed _ -> {
        turn.returnToLine(task, TaskEventType.QUEUED, why);
        yield Optional.empty();
      }
      case Stage.Finished finished when mayRunAgain(turn, finished) -> {
        Instant deadline = task.deadline();
        boolean passed = deadline != null && !deadline.isAfter(turn.now());
        Tenant tenant = Tenant.of(turn.state().request(task.id()).getTenant());
        Place place = turn.newPlace(task.priority(), tenant);
        Task renewed = task.renewed(place, passed ? null : deadline);
        turn.step(TaskEventType.QUEUED, turn.move(task, renewed), why);
        if (deadline != null && !passed) {
          turn.state().arm(new Timer(deadline, Timer.Kind.DEADLINE, task.id().value()));
        }
        yield Optional.empty();
      }
      case Stage.Finished finished when hasNotSucceeded(finished) ->
          Optional.of(
              "task %s ended before its list was cleared: ask for a new one".formatted(task.id()));
      case Stage.Waiting _, Stage.Held _, Stage.Asking _, Stage.Running _, Stage.Finished _ ->
          Optional.of("only a failed or cancelled task can be retried, " + standing(task));
    };
  }

  private static Optional<String> approve(Turn turn, Task task, TaskCommand command) {
    if (!(task.stage() instanceof Stage.Asking)) {
      return Optional.of("only a task that asks for an approval can get one, " + standing(task));
    }
    RunId asking = Objects.requireNonNull(task.lastRun(), "only a run asks");
    if (command.getRunId() != null && !command.getRunId().equals(asking.value())) {
      return Optional.of(
          "run %s, which was approved, asks no more; what task %s asks now is another question"
              .formatted(command.getRunId(), task.id()));
    }
    turn.returnToLine(task.approved(), TaskEventType.APPROVED, reason(command, "approved"));
    return Optional.empty();
  }

  private static boolean mayRunAgain(Turn turn, Stage.Finished finished) {
    return hasNotSucceeded(finished) && finished.at().isAfter(turn.status().clearedAt());
  }

  private static boolean hasNotSucceeded(Stage.Finished finished) {
    return finished.outcome() != Stage.Outcome.COMPLETED
        && finished.outcome() != Stage.Outcome.MOVED;
  }

  static String standing(Task task) {
    return "task %s is %s".formatted(task.id(), task.stage().status());
  }
}
