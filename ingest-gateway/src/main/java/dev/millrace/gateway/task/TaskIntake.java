package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.gateway.queue.Admission;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes tasks that somebody wants done. */
public final class TaskIntake implements Endpoint {

  private final Access access;
  private final RoutingTable routes;
  private final BodySchema schema;
  private final Receipts receipts;
  private final EventSink sink;
  private final RecentTasks recent;
  private final Admission admission;
  private final Clock clock;
  private final long maxBodyBytes;

  public TaskIntake(
      Access access,
      RoutingTable routes,
      OpenApiDocument document,
      Receipts receipts,
      EventSink sink,
      RecentTasks recent,
      Admission admission,
      Clock clock,
      long maxBodyBytes) {
    this.access = access;
    this.routes = routes;
    this.schema = new BodySchema(document, "TaskSubmission");
    this.receipts = receipts;
    this.sink = sink;
    this.recent = recent;
    this.admission = admission;
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    String client = access.operator(call);
    Optional<IdempotencyKey> key = IdempotencyKey.of(call);
    byte[] bytes = call.jsonBody(maxBodyBytes);
    Body body = schema.read(bytes);
    String agent = agent(body);
    EventId taskId = key.map(k -> k.identity(client, today())).orElseGet(EventId::random);
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
    return receipts.answer(client, key, bytes, context, () -> accept(request, agent, context));
  }

  private Acceptance accept(TaskRequest request, String agent, EventContext context) {
    String taskId = request.getTaskId();
    String queue = admission.admit(request, agent);
    CompletableFuture<?> written =
        sink.publish(Topics.TASK_REQUESTS, taskId, request, context)
            .thenRun(() ->
                recent.add(
                    new RecentTasks.Accepted(request, agent, queue, context.trace().traceId())));
    String response =
        Json.object()
            .put("success", true)
            .put("task_id", taskId)
            .put("assigned_agent", agent)
            .put("status", "pending")
            .toString();
    return new Acceptance(taskId, 200, response, written);
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
    return TaskRequest.newBuilder()
        .setTaskId(taskId.value())
        .setTaskType(body.text("taskType"))
        .setDescription(payload.text("description"))
        .setPriority(priority(body))
        .setContext(payload.optionalObject("context").map(TaskIntake::context).orElse(null))
        .setTitle(body.textOrNull("title"))
        .setAgent(agent)
        .setTenant(body.textOrNull("tenant"))
        .setAttributes(body.texts("attributes"))
        .setIdempotencyKey(key)
        .setDeadline(deadline(body, now))
        .setRequestedBy(client)
        .setRequestedAt(now)
        .build();
  }

  private static Priority priority(Body body) {
    return body.optionalText("priority")
        .map(priority -> Priority.valueOf(priority.toUpperCase(Locale.ROOT)))
        .orElse(Priority.MEDIUM);
  }

  private static TaskContext context(Body context) {
    return TaskContext.newBuilder()
        .setRepository(context.textOrNull("repository"))
        .setFilePath(context.textOrNull("filePath"))
        .setBranch(context.textOrNull("branch"))
        .build();
  }

  private static @Nullable Instant deadline(Body body, Instant now) {
    Instant deadline = body.instant("deadline");
    if (deadline != null && !deadline.isAfter(now)) {
      throw ProblemException.invalid("/deadline", "expected a time in the future");
    }
    return deadline;
  }

  private LocalDate today() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
  }
}
