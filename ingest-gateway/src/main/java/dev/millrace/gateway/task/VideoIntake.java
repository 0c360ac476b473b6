package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Endpoint;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.receipt.IdempotencyKey;
import dev.millrace.gateway.receipt.ReceiptKey;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.task.TaskRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Takes videos that users want made. A video is a task that begins a flow: a writer, a director and
 * a producer work on it, one after the other.
 */
public final class VideoIntake implements Endpoint {

  /** Attribute of the task: the user it is for. */
  private static final String USER = "user_id";

  private static final String FLOWS = WorkflowTasks.QUEUE;
  private static final int MAX_TITLE = 120;

  private final Access access;
  private final Bodies bodies;
  private final BodyReader schema;
  private final Receipts receipts;
  private final TaskRequests requests;

  public VideoIntake(Access access, Bodies bodies, Receipts receipts, TaskRequests requests) {
    this.access = access;
    this.bodies = bodies;
    this.schema = bodies.of("VideoSubmission");
    this.receipts = receipts;
    this.requests = requests;
  }

  @Override
  public Answer handle(Call call) throws InterruptedException {
    String client = access.operator(call);
    Optional<IdempotencyKey> key = IdempotencyKey.of(call);
    Optional<ReceiptKey> receipt = key.map(value -> ReceiptKey.request(client, value));
    byte[] bytes = bodies.bytes(call);
    Body body = schema.read(bytes);
    String user = body.text("userId");
    access.requireSelf(call, client, user);
    EventId taskId = receipts.identity(receipt);
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
    return receipts.answer(
        receipt, bytes, context, () -> requests.accept(request, FLOWS, FLOWS, context));
  }

  private static String title(String message) {
    return Texts.shorten(message.strip().lines().findFirst().orElse("").strip(), MAX_TITLE);
  }
}
