package dev.millrace.gateway.task;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.Body;
import dev.millrace.gateway.openapi.BodyReader;
import dev.millrace.gateway.queue.Queues;
import dev.millrace.gateway.read.Mirrored;
import dev.millrace.gateway.read.ReadModels;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Processes the next task of the agent {@code claude} on demand, as callers do whose tasks waited
 * for somebody to ask. Here tasks are done as they come, so the call waits for the end of the task
 * that is next and answers with its commit.
 */
public final class NextTask {

  private static final String AGENT = "claude";

  /** Those that run, then those that wait, as they are served. */
  private static final String OPEN =
      """
      SELECT task_id
        FROM public.ai_tasks t
       WHERE agent = :agent
         AND status IN ('pending', 'queued', 'assigned', 'in_progress')
       ORDER BY CASE WHEN status IN ('assigned', 'in_progress') THEN 1 ELSE 2 END, %s
       LIMIT 1
      """
          .formatted(TaskOrder.of("t"));

  /** Which of these tasks the read model has. */
  private static final String MIRRORED =
      "SELECT task_id FROM public.ai_tasks WHERE task_id = ANY(string_to_array(:ids, ' '))";

  /**
   * The task that was asked for last, if it is paused or has just ended. A caller means the task it
   * has asked for: an older one would be answered with a success that is not the caller's.
   */
  private static final String LATEST =
      """
      SELECT task_id
        FROM public.ai_tasks t
       WHERE agent = :agent
         AND parent_task_id IS NULL
         AND (status = 'paused'
              OR status IN ('completed', 'failed', 'cancelled')
                 AND completed_at > now() - interval '10 minutes')
         AND NOT EXISTS (
               SELECT FROM public.ai_tasks newer
                WHERE newer.agent = :agent
                  AND newer.parent_task_id IS NULL
                  AND (newer.created_at, newer.task_id) > (t.created_at, t.task_id))
      """;

  private final Access access;
  private final BodyReader schema;
  private final ReadModels reads;
  private final RecentTasks recent;
  private final TaskReads tasks;
  private final Queues queues;
  private final Duration timeout;

  /**
   * @param timeout how long a call waits for the end of its task
   */
  public NextTask(
      Access access,
      Bodies bodies,
      ReadModels reads,
      RecentTasks recent,
      TaskReads tasks,
      Queues queues,
      Duration timeout) {
    this.access = access;
    this.schema = bodies.of("NextTask");
    this.reads = reads;
    this.recent = recent;
    this.tasks = tasks;
    this.queues = queues;
    this.timeout = timeout;
  }

  public List<Route> routes() {
    return List.of(Route.post("/functions/v1/processClaudeTask", this::process));
  }

  private Answer process(Call call) throws InterruptedException {
    access.operator(call);
    Body body = schema.readOptional(call);
    Optional<String> named = body.optionalText("taskId");
    String taskId = named.isPresent() ? named.get() : next();
    call.log("task_id", taskId);
    Optional<Answer> answer = Mirrored.within(timeout, () -> answer(taskId, tasks.current(taskId)));
    if (answer.isPresent()) {
      return answer.get();
    }
    ObjectNode task = tasks.current(taskId);
    return answer(taskId, task).orElseGet(() -> pending(taskId, task));
  }

  /** What is open, also at another gateway a moment ago, else what was asked for last. */
  private String next() throws InterruptedException {
    return Mirrored.within(Mirrored.TIMEOUT, this::open)
        .or(() -> first(LATEST))
        .orElseThrow(
            () -> ProblemException.notFound("there is no pending task of the agent " + AGENT));
  }

  private Optional<String> open() {
    return first(OPEN).or(this::accepted);
  }

  /** A task that was accepted here and is not in the read model yet. */
  private Optional<String> accepted() {
    List<String> accepted = recent.of(AGENT);
    Set<String> mirrored =
        reads.rows(MIRRORED, Map.of("ids", String.join(" ", accepted))).stream()
            .map(NextTask::id)
            .collect(Collectors.toSet());
    return accepted.stream().filter(task -> !mirrored.contains(task)).findFirst();
  }

  private Optional<String> first(String tasks) {
    return reads.rows(tasks, Map.of("agent", AGENT)).stream().findFirst().map(NextTask::id);
  }

  private static String id(ObjectNode task) {
    return task.required("task_id").stringValue();
  }

  /** What became of a task, if it is not on its way. */
  private Optional<Answer> answer(String taskId, ObjectNode task) {
    String status = task.required("status").stringValue();
    return switch (status) {
      case "completed" -> Optional.of(Answer.ok(completed(taskId, task.path("result"))));
      case "failed", "cancelled" ->
          throw ProblemException.of(
              502,
              "task-" + status,
              "The task is " + status,
              "task %s is %s: %s"
                  .formatted(taskId, status, task.path("reason").asString("without a reason")));
      case "paused" ->
          throw ProblemException.conflict(
              "task %s is paused: %s; resume or approve it"
                  .formatted(taskId, task.path("reason").asString("without a reason")));
      case "pending", "queued" -> {
        requireServed(task.path("queue").asString(AGENT));
        yield Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  /** The commit as the result tells it: the mirror may learn of the commit itself later. */
  private static ObjectNode completed(String taskId, JsonNode result) {
    return Json.object()
        .put("success", true)
        .put("taskId", taskId)
        .put("commit_sha", result.path("commit_sha").stringValue(null))
        .put("github_url", result.path("github_url").stringValue(null));
  }

  /** In a queue that is paused a task would be waited for in vain. */
  private void requireServed(String queue) {
    queues
        .find(queue)
        .filter(snapshot -> !snapshot.getPauses().isEmpty())
        .ifPresent(paused -> {
          throw ProblemException.conflict(
              "the queue %s is paused (%s): resume it"
                  .formatted(queue, String.join(", ", paused.getPauses())));
        });
  }

  private static Answer pending(String taskId, ObjectNode task) {
    return Answer.json(
        202,
        Json.object()
            .put("success", true)
            .put("taskId", taskId)
            .put("status", task.required("status").stringValue())
            .put("status_url", "/api/tasks/" + taskId));
  }
}
