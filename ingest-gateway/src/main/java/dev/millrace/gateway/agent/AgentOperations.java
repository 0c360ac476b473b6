package dev.millrace.gateway.agent;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.Acknowledgement;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.operation.QueueCommands;
import dev.millrace.gateway.task.TaskReads;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.TaskAction;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Commands to runs: an end, or another try. Of a run to come the task is cancelled. */
public final class AgentOperations {

  /** How a run ends whose task waits for another attempt. */
  private static final Set<String> FAILED = Set.of("failed", "timeout");

  private final Access access;
  private final BodyReader reason;
  private final AgentReads agents;
  private final TaskReads tasks;
  private final QueueCommands commands;
  private final EventSink sink;

  public AgentOperations(
      Access access,
      Bodies bodies,
      AgentReads agents,
      TaskReads tasks,
      QueueCommands commands,
      EventSink sink) {
    this.access = access;
    this.reason = bodies.of("CommandReason");
    this.agents = agents;
    this.tasks = tasks;
    this.commands = commands;
    this.sink = sink;
  }

  public List<Route> routes() {
    return List.of(
        Route.post("/api/agents/{id}/kill", this::kill),
        Route.post("/api/agents/{id}/retry", this::retry));
  }

  private Answer kill(Call call) throws InterruptedException {
    String client = access.operator(call);
    Body body = reason.readOptional(call);
    return commands.answer(
        call, client, body, command -> kill(call, client, body.textOrNull("reason"), command));
  }

  private Answer kill(Call call, String client, @Nullable String why, EventId commandId)
      throws InterruptedException {
    ObjectNode agent = agents.find(call.parameter("id"));
    if (!AgentReads.isActive(agent)) {
      throw ProblemException.conflict(
          "expected an agent that runs, found one that is "
              + agent.required("status").stringValue());
    }
    String id = agent.required("id").stringValue();
    if (agents.dispatched(id).isEmpty()) {
      // Ends the run before it begins.
      TaskReads.Standing task = tasks.standing(agent.required("task_id").stringValue());
      order(call, client, task, TaskAction.CANCEL, why, commandId);
      return answer(agent);
    }
    EventContext context = call.event(commandId);
    AgentCommand command =
        AgentCommand.newBuilder()
            .setCommandId(context.id().value())
            .setRunId(id)
            .setAction(AgentAction.KILL)
            .setReason(why)
            .setRequestedBy(client)
            .setRequestedAt(context.time())
            .build();
    Acknowledgement.await(sink.publish(Topics.AGENT_COMMANDS, id, command, context));
    return answer(agent);
  }

  private Answer retry(Call call) throws InterruptedException {
    String client = access.operator(call);
    Body body = reason.readOptional(call);
    return commands.answer(
        call, client, body, command -> retry(call, client, body.textOrNull("reason"), command));
  }

  private Answer retry(Call call, String client, @Nullable String why, EventId commandId)
      throws InterruptedException {
    ObjectNode agent = agents.find(call.parameter("id"));
    TaskReads.Standing task = tasks.standing(agent.required("task_id").stringValue());
    if (!canBeRetried(agent, task)) {
      throw ProblemException.conflict(
          "expected an agent whose task failed, was cancelled or waits for its next attempt,"
              + " found one whose task is "
              + task.status());
    }
    order(call, client, task, TaskAction.RETRY, why, commandId);
    return answer(agent);
  }

  private void order(
      Call call,
      String client,
      TaskReads.Standing task,
      TaskAction action,
      @Nullable String why,
      EventId commandId)
      throws InterruptedException {
    commands.give(
        call,
        commands
            .command(commandId, client, task.queue(), action)
            .setTaskId(task.id())
            .setReason(why)
            .build());
  }

  private static boolean canBeRetried(ObjectNode agent, TaskReads.Standing task) {
    return switch (task.status()) {
      case "failed", "cancelled" -> true;
      case "queued" -> FAILED.contains(agent.required("status").stringValue());
      default -> false;
    };
  }

  private static Answer answer(ObjectNode agent) {
    return Answer.json(
        202,
        Json.object()
            .put("success", true)
            .put("agent_id", agent.required("id").stringValue())
            .put("task_id", agent.required("task_id").stringValue())
            .put("status", agent.required("status").stringValue()));
  }
}
