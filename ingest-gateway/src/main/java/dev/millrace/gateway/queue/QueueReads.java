package dev.millrace.gateway.queue;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.event.EventNames;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskEventType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What is in the queues, and how they are set. */
public final class QueueReads {

  /** Finished tasks that are listed with a queue. */
  private static final int MAX_COMPLETED = 100;

  /**
   * Finished tasks that ended after their queue was cleared. Flows and rejected tasks were in no
   * queue: they go with whichever was cleared last.
   */
  private static final String COMPLETED =
      """
      WITH cleared AS MATERIALIZED (
        SELECT e.subject AS queue, max(e."timestamp") AS at
          FROM public.ai_events e
         WHERE e.event_type = '%1$s' AND e.task_id IS NULL
         GROUP BY e.subject)
      SELECT t.task_id AS id, t.task_id, t.queue, t.agent, t.task_type, t.title, t.priority,
             CASE WHEN t.status = 'completed' THEN 'completed' ELSE 'failed' END AS status,
             t.status AS task_status, t.attempt, t.run_id, t.reason, t.created_at AS queued_at,
             t.completed_at
        FROM public.ai_tasks t
       WHERE t.status IN ('completed', 'failed', 'cancelled')
         AND (:queue::text IS NULL OR coalesce(t.queue, t.agent) = :queue)
         AND t.completed_at > coalesce(
               (SELECT max(c.at) FROM cleared c
                 WHERE c.queue = t.queue OR t.queue IS NULL OR t.queue = '%2$s'),
               '-infinity')
       ORDER BY t.completed_at DESC
       LIMIT :limit
      """
          .formatted(EventNames.of(TaskEventType.PROGRESSED), WorkflowTasks.QUEUE);

  /** Why queues are paused, in the words of whoever or whatever paused them. */
  private static final String PAUSED_WHY =
      """
      SELECT queue, reason
        FROM public.queue_settings
       WHERE key = 'paused' AND value = 'true'
      """;

  private final Access access;
  private final ReadModels reads;
  private final OpenTasks open;
  private final Queues queues;

  public QueueReads(Access access, ReadModels reads, Queues queues) {
    this.access = access;
    this.reads = reads;
    this.open = new OpenTasks(reads);
    this.queues = queues;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/queue", this::list), Route.get("/api/queue/settings", this::settings));
  }

  private Answer list(Call call) {
    access.operator(call);
    Optional<String> queue = queue(call);
    ObjectNode body = open.page(call, queue).body("items");
    Map<String, @Nullable Object> finished = new HashMap<>();
    finished.put("queue", queue.orElse(null));
    finished.put("limit", MAX_COMPLETED);
    body.putArray("completed").addAll(reads.rows(COMPLETED, finished));
    body.set("settings", SettingsView.common(shown(queue)));
    Map<String, String> reasons = pauseReasons();
    body.putArray("queues")
        .addAll(
            shown(queue).stream()
                .map(one -> SettingsView.queue(one, reasons.get(one.getQueue())))
                .toList());
    return Answer.ok(body);
  }

  private Map<String, String> pauseReasons() {
    Map<String, String> reasons = new HashMap<>();
    reads
        .rows(PAUSED_WHY, Map.of())
        .forEach(
            row -> reasons.put(row.path("queue").asString(""), row.path("reason").asString("")));
    return reasons;
  }

  private Answer settings(Call call) {
    access.operator(call);
    Optional<String> queue = queue(call);
    ObjectNode body = SettingsView.common(shown(queue));
    ObjectNode byQueue = Json.object();
    shown(queue).forEach(one -> byQueue.set(one.getQueue(), SettingsView.settings(one)));
    body.set("queues", byQueue);
    return Answer.ok(body);
  }

  private Collection<QueueSnapshot> shown(Optional<String> queue) {
    return queue.isEmpty()
        ? queues.all().values()
        : new ArrayList<>(queues.find(queue.get()).stream().toList());
  }

  private Optional<String> queue(Call call) {
    Optional<String> queue = call.query("queue");
    if (queue.isPresent() && queues.find(queue.get()).isEmpty()) {
      throw ProblemException.notFound(
          "there is no queue %s; there are %s".formatted(queue.get(), queues.all().keySet()));
    }
    return queue;
  }
}
