package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.queue.Admission;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.receipt.ReceiptKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.runtime.writer.AnswerSchema;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes tasks that somebody wants done. */
public final class TaskIntake implements Endpoint {

  private final Access access;
  private final RoutingTable routes;
  private final Bodies bodies;
  private final BodyReader schema;
  private final Receipts receipts;
  private final TaskRequests requests;
  private final Admission admission;
  private final RepositoryNames repositories;
  private final Clock clock;

  public TaskIntake(
      Access access,
      RoutingTable routes,
      Bodies bodies,
      Receipts receipts,
      TaskRequests requests,
      Admission admission,
      RepositoryNames repositories,
      Clock clock) {
    this.access = access;
    this.routes = routes;
    this.bodies = bodies;
    this.schema = bodies.of("TaskSubmission");
    this.receipts = receipts;
    this.requests = requests;
    this.admission = admission;
    this.repositories = repositories;
    this.clock = clock;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    String client = access.operator(call);
    Optional<IdempotencyKey> key = IdempotencyKey.of(call);
    Optional<ReceiptKey> receipt = key.map(value -> ReceiptKey.request(client, value));
    byte[] bytes = bodies.bytes(call);
    Body body = schema.read(bytes);
    String agent = agent(body);
    EventId taskId = receipts.identity(receipt);
    EventContext context = call.event(taskId);
    TaskRequest request =
        request(
            body,
            agent,
            taskId,
            client,
            key.map(IdempotencyKey::value).orElse(null),
            context.time());
    call.log("task_id", taskId.value());
    return receipts.answer(receipt, bytes, context, () -> accept(request, agent, context));
  }

  private Acceptance accept(TaskRequest request, String agent, EventContext context) {
    requireTimeLeft(request);
    String queue = admission.admit(request, agent);
    String assigned = queue.equals(WorkflowTasks.QUEUE) ? queue : agent;
    return requests.accept(request, assigned, queue, context);
  }

  private String agent(Body body) {
    String taskType = body.text("taskType");
    String routed =
        routes
            .agentFor(taskType)
            .orElseThrow(() ->
                ProblemException.invalid(
                    "/taskType",
                    "expected one of %s, found '%s'".formatted(routes.taskTypes(), taskType)));
    Optional<String> wanted = body.optionalText("agent");
    if (wanted.isPresent() && !routes.agents().contains(wanted.get())) {
      throw ProblemException.invalid(
          "/agent", "expected one of %s, found '%s'".formatted(routes.agents(), wanted.get()));
    }
    return wanted.orElse(routed);
  }

  private TaskRequest request(
      Body body, String agent, EventId taskId, String client, @Nullable String key, Instant now) {
    Body payload = body.object("payload");
    TaskContext context = payload.optionalObject("context").map(this::context).orElse(null);
    return TaskRequest.newBuilder()
        .setTaskId(taskId.value())
        .setTaskType(body.text("taskType"))
        .setDescription(payload.text("description"))
        .setPriority(priority(body))
        .setContext(context)
        .setTitle(body.textOrNull("title"))
        .setAgent(agent)
        .setTenant(body.textOrNull("tenant"))
        .setAttributes(attributes(body))
        .setIdempotencyKey(key)
        .setDeadline(body.instant("deadline"))
        .setRequestedBy(client)
        .setRequestedAt(now)
        .build();
  }

  private static Map<String, String> attributes(Body body) {
    Map<String, String> attributes = body.texts("attributes");
    String schema = attributes.get(AnswerSchema.TASK_ATTRIBUTE);
    if (schema != null) {
      try {
        AnswerSchema.of(schema);
      } catch (AnswerSchema.InvalidSchemaException e) {
        throw ProblemException.invalid(
            "/attributes/" + AnswerSchema.TASK_ATTRIBUTE,
            "expected a JSON Schema: " + e.getMessage());
      }
    }
    return attributes;
  }

  private static Priority priority(Body body) {
    return body.optionalText("priority")
        .map(priority -> Priority.valueOf(priority.toUpperCase(Locale.ROOT)))
        .orElse(Priority.MEDIUM);
  }

  private TaskContext context(Body context) {
    return repositories
        .place("/payload/context", context)
        .setFilePath(context.textOrNull("filePath"))
        .setBranch(context.textOrNull("branch"))
        .build();
  }

  /** A task that was accepted is answered so again, also when its deadline has passed by then. */
  private void requireTimeLeft(TaskRequest request) {
    Instant deadline = request.getDeadline();
    if (deadline != null && !deadline.isAfter(clock.instant())) {
      throw ProblemException.invalid("/deadline", "expected a time in the future");
    }
  }
}
