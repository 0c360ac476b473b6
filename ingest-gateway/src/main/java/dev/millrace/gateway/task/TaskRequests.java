package dev.millrace.gateway.task;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.receipt.Acceptance;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.task.TaskRequest;
import java.util.concurrent.CompletableFuture;

/** Writes requests of tasks, and remembers them until the read model has them. */
public final class TaskRequests {

  private final EventSink sink;
  private final RecentTasks recent;

  public TaskRequests(EventSink sink, RecentTasks recent) {
    this.sink = sink;
    this.recent = recent;
  }

  /**
   * Writes a request.
   *
   * @param queue queue that the task waits in, or that flows stand under
   * @return done when it is on record
   */
  public CompletableFuture<?> write(
      TaskRequest request, String agent, String queue, EventContext context) {
    return sink.publish(Topics.TASK_REQUESTS, request.getTaskId(), request, context)
        .thenRun(() ->
            recent.add(new RecentTasks.Accepted(request, agent, queue, context.trace().traceId())));
  }

  /** Writes a request whose caller is told which agent the task waits for. */
  Acceptance accept(TaskRequest request, String agent, String queue, EventContext context) {
    String response =
        Json.object()
            .put("success", true)
            .put("task_id", request.getTaskId())
            .put("assigned_agent", agent)
            .put("status", "pending")
            .toString();
    return new Acceptance(
        request.getTaskId(), 200, response, write(request, agent, queue, context));
  }
}
