package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodySchema;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Takes videos that users want made. A video is a task that begins a flow: a writer, a director and
 * a producer work on it, one after the other.
 */
public final class VideoIntake implements Endpoint {

  /** Attribute of the task: the user it is for. */
  private static final String USER = "user_id";

  private static final int MAX_TITLE = 120;

  private final Access access;
  private final BodySchema schema;
  private final Receipts receipts;
  private final EventSink sink;
  private final RecentTasks recent;
  private final Clock clock;
  private final long maxBodyBytes;

  public VideoIntake(
      Access access,
      OpenApiDocument document,
      Receipts receipts,
      EventSink sink,
      RecentTasks recent,
      Clock clock,
      long maxBodyBytes) {
    this.access = access;
    this.schema = new BodySchema(document, "VideoSubmission");
    this.receipts = receipts;
    this.sink = sink;
    this.recent = recent;
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    String client = access.operator(call);
    Optional<IdempotencyKey> key = IdempotencyKey.of(call);
    byte[] bytes = call.jsonBody(maxBodyBytes);
    Body body = schema.read(bytes);
    String user = body.text("userId");
    access.requireSelf(call, client, user);
    EventId taskId = key.map(k -> k.identity(client, today())).orElseGet(EventId::random);
    EventContext context = call.event(taskId);
    String message = body.text("message");
    TaskRequest request =
        TaskRequest.newBuilder()
            .setTaskId(taskId.value())
            .setTaskType(WorkflowTasks.VIDEO)
            .setTitle(title(message))
            .setDescription(message)
            .setAttributes(Map.of(USER, user))
            .setIdempotencyKey(key.map(IdempotencyKey::value).orElse(null))
            .setRequestedBy(client)
            .setRequestedAt(context.time())
            .build();
    call.log("task_id", taskId.value());
    call.log("user_id", user);
    return receipts.answer(client, key, bytes, context, () -> accept(request, context));
  }

  private Acceptance accept(TaskRequest request, EventContext context) {
    String taskId = request.getTaskId();
    String flows = WorkflowTasks.QUEUE;
    CompletableFuture<?> written =
        sink.publish(Topics.TASK_REQUESTS, taskId, request, context)
            .thenRun(() ->
                recent.add(
                    new RecentTasks.Accepted(request, flows, flows, context.trace().traceId())));
    String response =
        Json.object()
            .put("success", true)
            .put("task_id", taskId)
            .put("assigned_agent", flows)
            .put("status", "pending")
            .toString();
    return new Acceptance(taskId, 200, response, written);
  }

  private static String title(String message) {
    String line = message.strip().lines().findFirst().orElse("").strip();
    return line.length() <= MAX_TITLE ? line : line.substring(0, MAX_TITLE).strip() + "…";
  }

  private LocalDate today() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
  }
}
