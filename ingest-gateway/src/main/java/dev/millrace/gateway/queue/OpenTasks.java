package dev.millrace.gateway.queue;

import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.gateway.read.Page;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.task.TaskOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Open tasks, page by page: those that run first, then by priority and age. A task that aged counts
 * with the priority it was asked for here; one whose priority is not known yet comes last.
 */
final class OpenTasks {

  /** Places that are told: those behind would have to be counted for every page. */
  private static final int MAX_PLACE = 10_000;

  private static final String PROCESSING = "processing";
  private static final String QUEUED = "queued";

  /** As the index {@code ai_tasks_waiting} has it. */
  private static final String WAITS = "t.status IN ('pending', 'queued', 'paused')";

  private static final String THIS_QUEUE = "SELECT :queue::text AS name";

  /** Queues that tasks wait in: one look into the index for each. */
  private static final String EACH_QUEUE =
      """
      (SELECT coalesce(t.queue, t.agent) AS name
         FROM public.ai_tasks t
        WHERE %1$s
        ORDER BY 1
        LIMIT 1)
      UNION ALL
      SELECT (SELECT coalesce(t.queue, t.agent)
                FROM public.ai_tasks t
               WHERE %1$s AND coalesce(t.queue, t.agent) > waited_in.name
               ORDER BY 1
               LIMIT 1)
        FROM waited_in
       WHERE waited_in.name IS NOT NULL
      """
          .formatted(WAITS);

  /** Tasks of which the read model does not know yet where they wait. */
  private static final String IN_NO_QUEUE =
      """
      UNION ALL
      SELECT 1, coalesce(%2$s, :unranked), t.created_at, t.task_id, NULL
        FROM public.ai_tasks t
       WHERE %1$s
         AND coalesce(t.queue, t.agent) IS NULL
         AND (coalesce(%2$s, :unranked), t.created_at, t.task_id)
             > (:waitingRank, :at::timestamptz, :id)
      """
          .formatted(WAITS, TaskOrder.rank("t"));

  private static final String OF_ALL = sql(EACH_QUEUE, "TRUE", IN_NO_QUEUE);
  private static final String OF_ONE = sql(THIS_QUEUE, "coalesce(t.queue, t.agent) = :queue", "");

  private final ReadModels reads;

  OpenTasks(ReadModels reads) {
    this.reads = reads;
  }

  /**
   * Of each queue the rows that a page may need, which its part of the index has in their order.
   *
   * @param queues query of the names of queues
   * @param ofQueues whether a task that runs is of these
   * @param more further tasks that wait
   */
  private static String sql(String queues, String ofQueues, String more) {
    return """
    WITH RECURSIVE waited_in AS (
      %1$s),
    listed (turn, rank, created_at, task_id, place) AS (
      SELECT 0, coalesce(%5$s, :unranked), t.created_at, t.task_id, NULL::bigint
        FROM public.ai_tasks t
       WHERE t.status IN ('assigned', 'in_progress')
         AND %2$s
         AND (0, coalesce(%5$s, :unranked), t.created_at, t.task_id)
             > (:turn, :rank, :at::timestamptz, :id)
      UNION ALL
      SELECT 1, waiting.*
        FROM waited_in
       CROSS JOIN LATERAL (
             SELECT %6$s,
                    row_number() OVER (ORDER BY %6$s)
                    + (SELECT count(*)
                         FROM (SELECT
                                 FROM public.ai_tasks t
                                WHERE %4$s
                                  AND coalesce(t.queue, t.agent) = waited_in.name
                                  AND (%6$s) <= (:waitingRank, :at::timestamptz, :id)
                                LIMIT :maxPlace) before)
               FROM public.ai_tasks t
              WHERE %4$s
                AND coalesce(t.queue, t.agent) = waited_in.name
                AND (%6$s) > (:waitingRank, :at::timestamptz, :id)
              ORDER BY %6$s
              LIMIT :rows) waiting
      UNION ALL
      SELECT 1, :unranked, unranked.created_at, unranked.task_id, NULL
        FROM waited_in
       CROSS JOIN LATERAL (
             SELECT t.created_at, t.task_id
               FROM public.ai_tasks t
              WHERE %4$s
                AND coalesce(t.queue, t.agent) = waited_in.name
                AND %5$s IS NULL
                AND (:unranked, t.created_at, t.task_id)
                    > (:waitingRank, :at::timestamptz, :id)
              ORDER BY t.created_at, t.task_id
              LIMIT :rows) unranked
      %3$s)
    SELECT CASE WHEN listed.place <= :maxPlace THEN listed.place END AS position,
           task_id AS id, task_id, t.queue, t.agent, t.task_type, t.title, t.description,
           t.priority, t.tenant,
           CASE listed.turn WHEN 0 THEN 'processing' ELSE 'queued' END AS status,
           t.status AS task_status, t.attempt, t.run_id, t.reason, t.created_at AS queued_at,
           t.completed_at
      FROM (SELECT * FROM listed ORDER BY turn, rank, created_at, task_id LIMIT :rows) listed
      JOIN public.ai_tasks t USING (task_id)
     ORDER BY listed.turn, listed.rank, listed.created_at, task_id
    """
        .formatted(queues, ofQueues, more, WAITS, TaskOrder.rank("t"), TaskOrder.of("t"));
  }

  /**
   * The page that a call asks for.
   *
   * @param queue the queue it asks for; all when empty
   * @throws dev.millrace.gateway.http.ProblemException 400 if a parameter makes no sense
   */
  Page page(Call call, Optional<String> queue) {
    int limit = call.queryInteger("limit", Page.DEFAULT_LIMIT, 1, Page.MAX_LIMIT);
    Map<String, @Nullable Object> bindings = new HashMap<>();
    after(call).bind(bindings);
    bindings.put("unranked", TaskOrder.UNRANKED);
    bindings.put("maxPlace", MAX_PLACE);
    bindings.put("rows", limit + 1);
    queue.ifPresent(name -> bindings.put("queue", name));
    return Page.of(
        reads.rows(queue.isPresent() ? OF_ONE : OF_ALL, bindings), limit, OpenTasks::cursor);
  }

  /**
   * The task that the page before ended with.
   *
   * @param waits whether it waited then
   */
  private record Last(boolean waits, int rank, String createdAt, String taskId) {

    static final Last NONE = new Last(false, 0, "-infinity", "");

    void bind(Map<String, @Nullable Object> bindings) {
      bindings.put("turn", waits ? 1 : 0);
      bindings.put("rank", rank);
      bindings.put("waitingRank", waits ? rank : 0);
      bindings.put("at", createdAt);
      bindings.put("id", taskId);
    }
  }

  private static Last after(Call call) {
    return Cursor.of(call, 4)
        .map(cursor ->
            new Last(
                switch (cursor.parts().get(0)) {
                  case PROCESSING -> false;
                  case QUEUED -> true;
                  default -> throw Cursor.notOurs();
                },
                TaskOrder.rankOf(cursor.parts().get(1)),
                cursor.time(2),
                cursor.parts().get(3)))
        .orElse(Last.NONE);
  }

  private static Cursor cursor(ObjectNode task) {
    return new Cursor(
        List.of(
            task.required("status").stringValue(),
            task.path("priority").asString(""),
            task.required("queued_at").stringValue(),
            task.required("task_id").stringValue()));
  }
}
