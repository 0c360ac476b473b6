package dev.millrace.gateway.agent;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.queue.Admission;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.receipt.ReceiptKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.gateway.task.TaskRequests;
import dev.millrace.runtime.queue.RunIdentity;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Starts an agent by asking for a task of its own: it waits for a slot like every other, so that no
 * limit can be gone around.
 */
public final class AgentSpawn {

  private static final Set<String> ROLES =
      Set.of("starter", "coding", "reviewer", "deployer", "verifier", "auditor");
  private static final String REVIEW = "review";
  private static final String CODE = "code";

  private final Access access;
  private final Bodies bodies;
  private final BodyReader schema;
  private final Receipts receipts;
  private final RoutingTable routing;
  private final Admission admission;
  private final RepositoryNames repositories;
  private final TaskRequests requests;

  public AgentSpawn(
      Access access,
      Bodies bodies,
      Receipts receipts,
      RoutingTable routing,
      Admission admission,
      RepositoryNames repositories,
      TaskRequests requests) {
    this.access = access;
    this.bodies = bodies;
    this.schema = bodies.of("AgentSpawn");
    this.receipts = receipts;
    this.routing = routing;
    this.admission = admission;
    this.repositories = repositories;
    this.requests = requests;
  }

  public List<Route> routes() {
    return List.of(Route.post("/api/agents/spawn", this::spawn));
  }

  private Answer spawn(Call call) throws InterruptedException {
    String client = access.operator(call);
    Optional<ReceiptKey> key =
        IdempotencyKey.of(call).map(value -> ReceiptKey.command(client, call.path(), value));
    byte[] bytes = bodies.bytes(call);
    Body body = schema.read(bytes);
    String type = body.text("agent_type");
    String taskType = taskType(body, type);
    String agent = agent(type, taskType);
    EventId task = receipts.identity(key);
    EventContext context = call.event(task);
    TaskRequest request = oneRun(request(body, task, taskType, agent, client, context));
    return receipts.answer(key, bytes, context, () -> accept(request, type, agent, context));
  }

  private Acceptance accept(TaskRequest request, String type, String agent, EventContext context) {
    String queue = admission.admit(request, agent);
    String task = request.getTaskId();
    String response =
        Json.object()
            .put("success", true)
            .put("agent_id", RunIdentity.of(task, 1))
            .put("task_id", task)
            .put("agent_type", type)
            .put("assigned_agent", agent)
            .put("status", "pending")
            .toString();
    return new Acceptance(task, 202, response, requests.write(request, agent, queue, context));
  }

  private String taskType(Body body, String type) {
    String fitting = type.equals("reviewer") || type.equals("auditor") ? REVIEW : CODE;
    String taskType = body.optionalText("task_type").orElse(fitting);
    if (routing.agentFor(taskType).isEmpty()) {
      throw ProblemException.invalid(
          "/task_type", "expected one of %s, found '%s'".formatted(routing.taskTypes(), taskType));
    }
    return taskType;
  }

  /** An agent by its name, or for a role the agent that does such tasks. */
  private String agent(String type, String taskType) {
    if (routing.agents().contains(type)) {
      return type;
    }
    if (ROLES.contains(type)) {
      return routing.agentFor(taskType).orElseThrow();
    }
    throw ProblemException.invalid(
        "/agent_type",
        "expected one of %s or a role of %s, found '%s'"
            .formatted(routing.agents(), ROLES.stream().sorted().toList(), type));
  }

  /** A task that is one run of its agent: with a role, where one without would begin a flow. */
  private TaskRequest oneRun(TaskRequest request) {
    if (!admission.beginsFlow(request)) {
      return request;
    }
    Map<String, String> attributes = new LinkedHashMap<>(request.getAttributes());
    attributes.put(
        WorkflowTasks.ROLE, request.getTaskType().equals(REVIEW) ? "reviewer" : "coding");
    return TaskRequest.newBuilder(request).setAttributes(attributes).build();
  }

  private TaskRequest request(
      Body body, EventId task, String taskType, String agent, String client, EventContext context) {
    Map<String, String> attributes = new LinkedHashMap<>(body.texts("attributes"));
    String type = body.text("agent_type");
    if (ROLES.contains(type)) {
      attributes.put(WorkflowTasks.ROLE, type);
    }
    attributes.put(RunIdentity.SPAWNED_AS, type);
    TaskContext.Builder place = repositories.place("", body);
    return TaskRequest.newBuilder()
        .setTaskId(task.value())
        .setTaskType(taskType)
        .setDescription(body.text("prompt"))
        .setTitle(body.textOrNull("title"))
        .setPriority(
            body.optionalText("priority")
                .map(priority -> Priority.valueOf(priority.toUpperCase(Locale.ROOT)))
                .orElse(Priority.HIGH))
        .setContext(
            place.getRepository() == null
                ? null
                : place.setBranch(body.textOrNull("branch")).build())
        .setAgent(agent)
        .setAttributes(attributes)
        .setParentTaskId(body.textOrNull("parent_task_id"))
        .setRequestedBy(client)
        .setRequestedAt(context.time())
        .build();
  }
}
