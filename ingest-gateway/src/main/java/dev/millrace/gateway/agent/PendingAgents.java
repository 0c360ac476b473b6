package dev.millrace.gateway.agent;

import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.read.Mirrored;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.task.RecentTasks;
import dev.millrace.gateway.task.TaskReads;
import dev.millrace.runtime.queue.RunIdentity;
import dev.millrace.runtime.routing.WorkflowTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Agents whose tasks were accepted and have no run yet. The id of a first run is known from its
 * task: this finds the task of an id.
 */
public final class PendingAgents {

  private static final String STARTING = "starting";

  /** Until then the read model has what was spawned, unless it is far behind. */
  private static final Duration RECENT = Duration.ofSeconds(10);

  /**
   * Tasks by how the hash of their first run begins, the part that is the same in its id. The index
   * {@code ai_tasks_first_run} is on this expression and has this condition.
   */
  private static final String TASKS =
      """
      SELECT task_id FROM public.ai_tasks
       WHERE %s = :beginning
         AND (run_id IS NULL OR completed_at IS NULL)
       LIMIT 10
      """
          .formatted(RunIdentity.beginningInSql("task_id"));

  private static final String FIRST_RUN = RunIdentity.firstInSql("t.task_id");

  /** Agents that were spawned and have no run yet. */
  private static final String SPAWNED =
      """
        FROM public.ai_tasks t
       WHERE t.spawned_as IS NOT NULL
         AND t.completed_at IS NULL
         AND NOT EXISTS (SELECT FROM public.agents run WHERE run.task_id = t.task_id)
      """;

  /** Their ids. */
  static final String IDS = "SELECT " + FIRST_RUN + " AS id " + SPAWNED;

  /** They in the form of the read model. */
  static final String ROWS =
      """
      SELECT %s AS id, t.task_id, NULL::text AS container_id, '%s' AS status,
             t.spawned_as AS agent_type, NULL::timestamptz AS started_at,
             NULL::timestamptz AS completed_at, NULL::integer AS exit_code, NULL::text AS error,
             NULL::text AS logs,
             jsonb_build_object('agent', t.agent, 'api_calls', 0) AS metadata, t.trace_id
      """
              .formatted(FIRST_RUN, STARTING)
          + SPAWNED;

  private static final String MIRRORED =
      "SELECT task_id FROM public.ai_tasks WHERE task_id = ANY(string_to_array(:ids, ' '))";

  private final ReadModels reads;
  private final RecentTasks recent;
  private final TaskReads tasks;

  public PendingAgents(ReadModels reads, RecentTasks recent, TaskReads tasks) {
    this.reads = reads;
    this.recent = recent;
    this.tasks = tasks;
  }

  /** The agent in the form of the read model, if this is the first run of a task. */
  Optional<ObjectNode> find(String runId) {
    Optional<RecentTasks.Accepted> accepted = recent.ofFirstRun(runId);
    return accepted
        .map(task -> task.request().getTaskId())
        .or(() -> taskOf(runId))
        .map(tasks::current)
        .filter(task -> !task.path("queue").asString("").equals(WorkflowTasks.QUEUE))
        .map(task -> agent(runId, accepted, task));
  }

  /** Waits until the read model has the agents that were spawned here a moment ago. */
  void awaitMirrored() throws InterruptedException {
    List<String> spawned = recent.spawnedSince(Instant.now().minus(RECENT));
    if (!spawned.isEmpty()) {
      Map<String, String> ids = Map.of("ids", String.join(" ", spawned));
      Optional<Integer> _ =
          Mirrored.within(
              Mirrored.TIMEOUT,
              () ->
                  Optional.of(reads.rows(MIRRORED, ids).size())
                      .filter(mirrored -> mirrored >= spawned.size()));
    }
  }

  private Optional<String> taskOf(String runId) {
    return RunIdentity.beginningOf(runId).stream()
        .flatMap(beginning -> reads.rows(TASKS, Map.of("beginning", beginning)).stream())
        .map(row -> row.path("task_id").asString(""))
        .filter(task -> RunIdentity.of(task, 1).equals(runId))
        .findFirst();
  }

  private static ObjectNode agent(
      String runId, Optional<RecentTasks.Accepted> accepted, ObjectNode task) {
    String agent = task.path("agent").asString("");
    String type =
        accepted.map(one -> one.request().getAttributes().get(WorkflowTasks.ROLE)).orElse(agent);
    String status = status(task.required("status").stringValue());
    ObjectNode body =
        Json.object()
            .put("id", runId)
            .put("task_id", task.required("task_id").stringValue())
            .putNull("container_id")
            .put("status", status)
            .put("agent_type", type);
    for (String unknown : List.of("started_at", "completed_at", "exit_code", "error", "logs")) {
      body.putNull(unknown);
    }
    if (!status.equals(STARTING)) {
      body.set("error", task.path("reason").deepCopy());
    }
    body.putObject("metadata").put("agent", agent).put("api_calls", 0);
    body.set("trace_id", task.path("trace_id").deepCopy());
    return body;
  }

  /** What becomes of a run that never was: as its task ends, so does it. */
  private static String status(String task) {
    return switch (task) {
      case "cancelled" -> "killed";
      case "failed" -> "failed";
      default -> STARTING;
    };
  }
}
