package dev.millrace.gateway.queue;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.task.TaskOrder;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.task.QueueSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What is in the queues, and how they are set. */
public final class QueueReads {

  /** Finished tasks that are listed with a queue. */
  private static final int MAX_COMPLETED = 100;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  /**
   * Open tasks, those that run first, then by priority and age. A task that aged counts with the
   * priority it was asked for here. The position is the place among those that wait in the same
   * queue: whoever is before a task there is before it in this list too, so that the rows up to the
   * end of the page are enough to count.
   */
  private static final String ITEMS =
      """
      SELECT CASE WHEN status = 'queued'
                  THEN row_number() OVER (PARTITION BY coalesce(queue, agent), status ORDER BY line)
              END AS position,
             task_id, queue, agent, task_type, title, description, priority, tenant, status,
             task_status, attempt, run_id, reason, queued_at, completed_at
        FROM (SELECT row_number() OVER () AS line, listed.*
                FROM (SELECT task_id, queue, agent, task_type, title, description, priority, tenant,
                             CASE WHEN status IN ('assigned', 'in_progress') THEN 'processing'
                                  ELSE 'queued' END AS status,
                             status AS task_status, attempt, run_id, reason,
                             created_at AS queued_at, completed_at
                        FROM public.ai_tasks t
                       WHERE status IN ('pending', 'queued', 'paused', 'assigned', 'in_progress')
                         AND (:queue::text IS NULL OR coalesce(queue, agent) = :queue)
                       ORDER BY status NOT IN ('assigned', 'in_progress'),
                                %s
                       LIMIT :upTo) listed) numbered
       ORDER BY line
      OFFSET :skipped
      """
          .formatted(TaskOrder.of("t"));

  /**
   * Finished tasks that ended after their queue was cleared. Flows and rejected tasks were in no
   * queue: they go with whichever was cleared last.
   */
  private static final String COMPLETED =
      """
      WITH cleared AS MATERIALIZED (
        SELECT e.subject AS queue, max(e."timestamp") AS at
          FROM public.ai_events e
         WHERE e.event_type = 'task_progressed' AND e.task_id IS NULL
         GROUP BY e.subject)
      SELECT t.task_id, t.queue, t.agent, t.task_type, t.title, t.priority,
             CASE WHEN t.status = 'completed' THEN 'completed' ELSE 'failed' END AS status,
             t.status AS task_status, t.attempt, t.run_id, t.reason, t.created_at AS queued_at,
             t.completed_at
        FROM public.ai_tasks t
       WHERE t.status IN ('completed', 'failed', 'cancelled')
         AND (:queue::text IS NULL OR coalesce(t.queue, t.agent) = :queue)
         AND t.completed_at > coalesce(
               (SELECT max(c.at) FROM cleared c
                 WHERE c.queue = t.queue OR t.queue IS NULL OR t.queue = '%s'),
               '-infinity')
       ORDER BY t.completed_at DESC
       LIMIT :limit
      """
          .formatted(WorkflowTasks.QUEUE);

  /** Why queues are paused, in the words of whoever or whatever paused them. */
  private static final String PAUSED_WHY =
      """
      SELECT queue, reason
        FROM public.queue_settings
       WHERE key = 'paused' AND value = 'true'
      """;

  private final Access access;
  private final ReadModels reads;
  private final Queues queues;

  public QueueReads(Access access, ReadModels reads, Queues queues) {
    this.access = access;
    this.reads = reads;
    this.queues = queues;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/queue", this::list), Route.get("/api/queue/settings", this::settings));
  }

  private Answer list(Call call) {
    access.operator(call);
    Optional<String> queue = queue(call);
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    int skipped = skipped(call);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    bindings.put("queue", queue.orElse(null));
    bindings.put("skipped", skipped);
    bindings.put("upTo", skipped + limit + 1);
    ObjectNode body =
        Page.of(
                reads.rows(ITEMS, bindings),
                limit,
                _ -> new Cursor(List.of(Integer.toString(skipped + limit))))
            .body("items");
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

  private static int skipped(Call call) {
    Optional<Cursor> cursor = Cursor.of(call, 1);
    if (cursor.isEmpty()) {
      return 0;
    }
    String position = cursor.get().parts().getFirst();
    if (!NUMBER.matcher(position).matches()) {
      throw Cursor.notOurs();
    }
    return Integer.parseInt(position);
  }
}
