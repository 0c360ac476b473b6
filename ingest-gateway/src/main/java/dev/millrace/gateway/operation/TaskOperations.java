package dev.millrace.gateway.operation;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.task.TaskReads;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Commands to one task. An answer of 202 says that the command is on record; whether the task was
 * still where the command fits is seen in its history.
 */
public final class TaskOperations {

  private final Access access;
  private final BodyReader schema;
  private final QueueCommands commands;
  private final TaskReads tasks;

  /** What can be done with a task, and in which status. */
  private enum Operation {
    CANCEL,
    RETRY,
    PAUSE,
    RESUME,
    APPROVE;

    private TaskAction action() {
      return switch (this) {
        case CANCEL -> TaskAction.CANCEL;
        case RETRY -> TaskAction.RETRY;
        case PAUSE -> TaskAction.PAUSE;
        case RESUME -> TaskAction.RESUME;
        case APPROVE -> TaskAction.APPROVE;
      };
    }

    private List<String> fitting() {
      return switch (this) {
        case CANCEL -> List.of("pending", "queued", "assigned", "in_progress", "paused");
        case RETRY -> List.of("failed", "cancelled");
        case PAUSE -> List.of("pending", "queued");
        case RESUME, APPROVE -> List.of("paused");
      };
    }

    private String path() {
      return "/api/tasks/{id}/" + name().toLowerCase(Locale.ROOT);
    }
  }

  public TaskOperations(Access access, Bodies bodies, QueueCommands commands, TaskReads tasks) {
    this.access = access;
    this.schema = bodies.of("CommandReason");
    this.commands = commands;
    this.tasks = tasks;
  }

  public List<Route> routes() {
    return Arrays.stream(Operation.values())
        .map(operation -> Route.post(operation.path(), call -> operate(call, operation)))
        .toList();
  }

  private Answer operate(Call call, Operation operation) throws InterruptedException {
    String client = access.operator(call);
    Body body = schema.readOptional(call);
    return commands.answer(call, client, body, id -> give(call, client, body, operation, id));
  }

  private Answer give(Call call, String client, Body body, Operation operation, EventId id)
      throws InterruptedException {
    TaskReads.Standing task = tasks.standing(call.parameter("id"));
    if (!operation.fitting().contains(task.status())) {
      String expected =
          operation == Operation.APPROVE
              ? "asks for an approval"
              : "is " + String.join(" or ", operation.fitting());
      throw ProblemException.conflict(
          "expected a task that %s, found one that is %s".formatted(expected, task.status()));
    }
    requireTask(operation, task);
    requireItsPause(operation, task);
    TaskCommand command =
        commands
            .command(id, client, task.queue(), operation.action())
            .setTaskId(task.id())
            // an approval answers the question that was read, and not one that is asked meanwhile
            .setRunId(operation == Operation.APPROVE ? task.runId() : null)
            .setReason(body.textOrNull("reason"))
            .build();
    commands.give(call, command);
    return Answer.json(
        202,
        Json.object()
            .put("success", true)
            .put("task_id", task.id())
            .put("action", operation.name().toLowerCase(Locale.ROOT))
            .put("command_id", command.getCommandId())
            .put("status", task.status()));
  }

  /** A flow works through its steps, which are tasks: those can be held. */
  private static void requireTask(Operation operation, TaskReads.Standing task) {
    boolean holds = operation == Operation.PAUSE || operation == Operation.RESUME;
    if (holds && task.queue().equals(WorkflowTasks.QUEUE)) {
      throw ProblemException.conflict(
          "task %s is a flow: pause or resume the task of its step".formatted(task.id()));
    }
  }

  /** What asks for an approval is not resumed without it, and what somebody paused needs none. */
  private static void requireItsPause(Operation operation, TaskReads.Standing task) {
    if (operation == Operation.RESUME && task.asksForApproval()) {
      throw needsApproval(task.id());
    }
    if (operation == Operation.APPROVE && !task.asksForApproval()) {
      throw ProblemException.conflict(
          "task %s asks for no approval, it was paused: resume it".formatted(task.id()));
    }
  }

  static ProblemException needsApproval(String taskId) {
    return ProblemException.conflict(
        "task %s asks for an approval: approve or cancel it".formatted(taskId));
  }
}
