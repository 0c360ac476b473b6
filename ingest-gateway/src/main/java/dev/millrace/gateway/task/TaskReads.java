package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.event.EventRows;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.NewestFirst;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Tasks as they stand, the newest first, and each with its history. */
public final class TaskReads {

  private static final Set<String> STATUSES =
      Set.of(
          "pending",
          "queued",
          "assigned",
          "in_progress",
          "completed",
          "failed",
          "cancelled",
          "paused");

  /** Steps of a task that are shown; a task has a dozen, one that is retried for ever has more. */
  private static final int MAX_HISTORY = 1_000;

  private static final String APPROVAL = "approval";

  /** The newest of two kinds of events says why a task is paused: it asked, or somebody did it. */
  private static final String COLUMNS =
      """
      SELECT task_id, task_type, title, %2$s, priority, status, agent, queue, repository,
             file_path, branch, attempt, run_id, reason, requested_by, tenant,
             parent_task_id, trace_id, commit_sha, commit_url, created_at, updated_at, started_at,
             completed_at, repositories,
             CASE WHEN status = 'paused' THEN
               (SELECT CASE event_type WHEN 'task_approval_requested' THEN '%1$s' END
                  FROM public.ai_events event
                 WHERE event.task_id = task.task_id
                   AND event_type IN ('task_approval_requested', 'task_paused')
                 ORDER BY "timestamp" DESC, id DESC
                 LIMIT 1)
             END AS waiting_for
        FROM public.ai_tasks task
      """;

  /**
   * Longest description and result of a task in a list, in bytes: whole ones have megabytes each,
   * and a list has hundreds.
   */
  private static final int MAX_LISTED_BYTES = 8_192;

  /** A character has up to four bytes. */
  private static final String LISTED_TEXTS =
      """
      CASE WHEN octet_length(description) > %1$d THEN left(description, %1$d / 4)
           ELSE description END AS description,
      CASE WHEN octet_length(result::text) <= %1$d THEN result END AS result,
      array_remove(
        ARRAY[CASE WHEN octet_length(description) > %1$d THEN 'description' END,
              CASE WHEN octet_length(result::text) > %1$d THEN 'result' END],
        NULL) AS shortened\
      """
          .formatted(MAX_LISTED_BYTES);

  private static final NewestFirst LIST =
      new NewestFirst(
          COLUMNS.formatted(APPROVAL, LISTED_TEXTS),
          "created_at",
          "task_id",
          STATUSES,
          Map.of("agent", "agent", "taskType", "task_type", "waitingFor", "waiting_for"));

  private static final String FIND =
      COLUMNS.formatted(APPROVAL, "description, result") + " WHERE task_id = :task";

  private static final Set<String> WAITING = Set.of("pending", "queued", "paused");

  /** Tasks before a waiting one that are counted; of one further behind no place is told. */
  private static final int MAX_BEFORE = 10_000;

  /** How many wait in the same queue before a task, by the priority they were asked for and age. */
  private static final String BEFORE =
      """
      SELECT count(*) AS before
        FROM (SELECT
                FROM public.ai_tasks other
                JOIN public.ai_tasks task ON task.task_id = :task
               WHERE other.status IN ('pending', 'queued', 'paused')
                 AND coalesce(other.queue, other.agent) = coalesce(task.queue, task.agent)
                 AND (%s) < (%s)
               LIMIT :max) found
      """
          .formatted(TaskOrder.of("other"), TaskOrder.of("task"));

  private static final String HISTORY =
      "SELECT "
          + EventRows.COLUMNS
          + """

            FROM public.ai_events
           WHERE task_id = :task
           ORDER BY "timestamp", id
           LIMIT :limit
          """;

  private final Access access;
  private final ReadModels reads;
  private final RecentTasks recent;

  public TaskReads(Access access, ReadModels reads, RecentTasks recent) {
    this.access = access;
    this.reads = reads;
    this.recent = recent;
  }

  public List<Route> routes() {
    return List.of(Route.get("/api/tasks", this::list), Route.get("/api/tasks/{id}", this::get));
  }

  private Answer list(Call call) {
    access.operator(call);
    if (!call.query("waitingFor").orElse(APPROVAL).equals(APPROVAL)) {
      throw ProblemException.invalid("waitingFor", "expected " + APPROVAL);
    }
    return Answer.ok(LIST.page(call, reads).body("tasks"));
  }

  private Answer get(Call call) {
    access.operator(call);
    String taskId = call.parameter("id");
    List<ObjectNode> found = reads.rows(FIND, Map.of("task", taskId));
    if (found.isEmpty()) {
      ObjectNode task = pending(accepted(taskId));
      task.putArray("history");
      return Answer.ok(task);
    }
    ObjectNode task = found.getFirst();
    if (WAITING.contains(task.path("status").asString())) {
      place(taskId).ifPresent(place -> task.put("position", place));
    }
    task.putArray("history")
        .addAll(reads.rows(HISTORY, Map.of("task", taskId, "limit", MAX_HISTORY)));
    return Answer.ok(task);
  }

  /** Place of a task among those that wait in its queue, from 1. */
  private OptionalInt place(String taskId) {
    int before =
        reads
            .rows(BEFORE, Map.of("task", taskId, "max", MAX_BEFORE))
            .getFirst()
            .required("before")
            .asInt();
    return before < MAX_BEFORE ? OptionalInt.of(before + 1) : OptionalInt.empty();
  }

  /**
   * Where a task stands.
   *
   * @param queue queue it is in, or will be
   * @param asksForApproval whether it is paused since it asked; if not, somebody paused it
   */
  public record Standing(
      String id, String status, String queue, @Nullable String runId, boolean asksForApproval) {}

  /**
   * Where a task stands.
   *
   * @throws ProblemException 404 if there is no such task
   */
  public Standing standing(String taskId) {
    ObjectNode task = current(taskId);
    return new Standing(
        taskId,
        task.required("status").stringValue(),
        queue(task, taskId),
        task.path("run_id").isNull() ? null : task.path("run_id").asString(""),
        task.path("waiting_for").asString("").equals(APPROVAL));
  }

  /** The queue that a task is in, or will be in once the router has it. */
  private String queue(ObjectNode task, String taskId) {
    String known = task.path("queue").asString("");
    if (!known.isEmpty()) {
      return known;
    }
    String agent = task.path("agent").asString("");
    return recent
        .find(taskId)
        .map(RecentTasks.Accepted::queue)
        .or(() -> agent.isEmpty() ? Optional.empty() : Optional.of(agent))
        .orElseThrow(
            () -> ProblemException.conflict("task %s is in no queue yet".formatted(taskId)));
  }

  /**
   * A task as it stands, without its history.
   *
   * @throws ProblemException 404 if there is no such task
   */
  public ObjectNode current(String taskId) {
    List<ObjectNode> found = reads.rows(FIND, Map.of("task", taskId));
    return found.isEmpty() ? pending(accepted(taskId)) : found.getFirst();
  }

  private RecentTasks.Accepted accepted(String taskId) {
    return recent
        .find(taskId)
        .orElseThrow(() -> ProblemException.notFound("there is no task " + taskId));
  }

  /** A task that was accepted, in the form of the read model. */
  static ObjectNode pending(RecentTasks.Accepted accepted) {
    TaskRequest request = accepted.request();
    TaskContext context = request.getContext();
    String requestedAt =
        request.getRequestedAt() == null ? null : request.getRequestedAt().toString();
    ObjectNode task =
        Json.object()
            .put("task_id", request.getTaskId())
            .put("task_type", request.getTaskType())
            .put("title", request.getTitle())
            .put("description", request.getDescription())
            .put("priority", request.getPriority().name().toLowerCase(Locale.ROOT))
            .put("status", "pending")
            .put("agent", accepted.agent())
            .put("queue", accepted.queue())
            .put("repository", context == null ? null : context.getRepository())
            .put("file_path", context == null ? null : context.getFilePath())
            .put("branch", context == null ? null : context.getBranch())
            .put("attempt", 0);
    ArrayNode further = task.putArray("repositories");
    if (context != null) {
      context.getRepositories().forEach(further::add);
    }
    for (String unset : List.of("run_id", "reason", "result")) {
      task.putNull(unset);
    }
    task.put("requested_by", request.getRequestedBy())
        .put("tenant", request.getTenant())
        .put("parent_task_id", request.getParentTaskId())
        .put("trace_id", accepted.traceId())
        .putNull("commit_sha")
        .putNull("commit_url")
        .put("created_at", requestedAt)
        .put("updated_at", requestedAt)
        .putNull("started_at")
        .putNull("completed_at")
        .putNull("waiting_for");
    return task;
  }
}
