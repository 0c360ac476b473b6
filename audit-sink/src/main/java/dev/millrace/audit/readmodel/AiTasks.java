package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.StorableJson;
import dev.millrace.runtime.queue.RunIdentity;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * {@code public.ai_tasks}. What was asked for is filled in once; where a task stands advances with
 * the offset of its steps, so that topics may be mirrored in any order.
 */
final class AiTasks implements ReadModel {

  private static final String UPSERT =
      """
      INSERT INTO ai_tasks AS t (
        task_id, task_type, title, description, priority, repository, file_path, branch,
        requested_by, tenant, parent_task_id, trace_id, created_at, updated_at, started_at,
        commit_sha, commit_url, agent, queue, attempt, run_id, result, event_offset,
        status, reason, completed_at, spawned_as, repositories)
      SELECT
        task_id, task_type, title, description, priority, repository, file_path, branch,
        requested_by, tenant, parent_task_id, trace_id, created_at, updated_at, started_at,
        commit_sha, commit_url, agent, queue, attempt, run_id, result, event_offset,
        coalesce(status, 'pending'), reason, completed_at, spawned_as,
        coalesce(string_to_array(repositories, ' '), '{}')
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                  ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
                  ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[],
                  ?::int[], ?::text[], ?::jsonb[], ?::bigint[], ?::text[], ?::text[],
                  ?::timestamptz[], ?::text[], ?::text[])
        AS c (task_id, task_type, title, description, priority, repository, file_path, branch,
              requested_by, tenant, parent_task_id, trace_id, created_at, updated_at, started_at,
              commit_sha, commit_url, agent, queue, attempt, run_id, result, event_offset,
              status, reason, completed_at, spawned_as, repositories)
      ON CONFLICT (task_id) DO UPDATE SET
        task_type = coalesce(t.task_type, excluded.task_type),
        title = coalesce(t.title, excluded.title),
        description = coalesce(t.description, excluded.description),
        priority = coalesce(t.priority, excluded.priority),
        repository = coalesce(t.repository, excluded.repository),
        file_path = coalesce(t.file_path, excluded.file_path),
        branch = coalesce(t.branch, excluded.branch),
        requested_by = coalesce(t.requested_by, excluded.requested_by),
        tenant = coalesce(t.tenant, excluded.tenant),
        parent_task_id = coalesce(t.parent_task_id, excluded.parent_task_id),
        spawned_as = coalesce(t.spawned_as, excluded.spawned_as),
        repositories = CASE WHEN t.repositories = '{}'
                            THEN excluded.repositories ELSE t.repositories END,
        trace_id = CASE WHEN t.description IS NULL AND excluded.description IS NOT NULL
                        THEN excluded.trace_id ELSE t.trace_id END,
        created_at = least(t.created_at, excluded.created_at),
        updated_at = greatest(t.updated_at, excluded.updated_at),
        started_at = coalesce(t.started_at, excluded.started_at),
        commit_sha = coalesce(excluded.commit_sha, t.commit_sha),
        commit_url = CASE WHEN excluded.commit_sha IS NULL
                          THEN t.commit_url ELSE excluded.commit_url END,
        attempt = greatest(t.attempt, excluded.attempt),
        agent = CASE WHEN excluded.event_offset > t.event_offset
                     THEN coalesce(excluded.agent, t.agent)
                     ELSE coalesce(t.agent, excluded.agent) END,
        queue = CASE WHEN excluded.event_offset > t.event_offset
                     THEN coalesce(excluded.queue, t.queue)
                     ELSE coalesce(t.queue, excluded.queue) END,
        run_id = CASE WHEN excluded.event_offset > t.event_offset
                      THEN coalesce(excluded.run_id, t.run_id)
                      ELSE coalesce(t.run_id, excluded.run_id) END,
        result = CASE WHEN excluded.event_offset > t.event_offset
                      THEN coalesce(excluded.result, t.result)
                      ELSE coalesce(t.result, excluded.result) END,
        status = CASE WHEN excluded.event_offset > t.event_offset
                      THEN excluded.status ELSE t.status END,
        reason = CASE WHEN excluded.event_offset > t.event_offset
                      THEN excluded.reason ELSE t.reason END,
        completed_at = CASE WHEN excluded.event_offset > t.event_offset
                            THEN excluded.completed_at ELSE t.completed_at END,
        event_offset = greatest(t.event_offset, excluded.event_offset)\
      """;

  private final Changes<String, TaskChange> changes =
      new Changes<>(Comparator.naturalOrder(), TaskChange::then);

  @Override
  public void add(MirrorRow event) {
    TaskChange.of(event).ifPresent(change -> changes.add(change.taskId(), change));
  }

  @Override
  public void write(Connection connection) throws SQLException {
    changes.write(connection, UPSERT, (task, change) -> columns(change));
  }

  static @Nullable Object[] columns(TaskChange change) {
    TaskRequest request = change.request() == null ? null : change.request().request();
    TaskEvent step = change.step() == null ? null : change.step().event();
    TaskContext context = change.context();
    Commit commit = change.commit();
    // A step without a status does not count as the latest: it does not say where the task stands.
    TaskEvent move = step == null || step.getStatus() == null ? null : step;
    return new @Nullable Object[] {
      change.taskId(),
      request != null ? request.getTaskType() : step == null ? null : step.getTaskType(),
      request == null ? null : request.getTitle(),
      request == null ? null : request.getDescription(),
      Names.ofNullable(
          request != null ? request.getPriority() : step == null ? null : step.getPriority()),
      context == null ? null : context.getRepository(),
      context == null ? null : context.getFilePath(),
      context == null ? null : context.getBranch(),
      request == null ? null : request.getRequestedBy(),
      request == null ? null : request.getTenant(),
      request == null ? null : request.getParentTaskId(),
      change.traceId(),
      change.request() == null ? change.firstAt() : change.request().at(),
      change.lastAt(),
      change.startedAt(),
      commit == null ? null : commit.getSha(),
      commit == null ? null : commit.getUrl(),
      agent(request, step),
      step == null ? null : step.getQueue(),
      step == null ? 0 : step.getAttempt(),
      step == null ? null : step.getRunId(),
      step == null || step.getResult() == null ? null : StorableJson.of(step.getResult()),
      move == null || change.step() == null ? -1L : change.step().offset(),
      move == null ? null : Names.ofNullable(move.getStatus()),
      move == null ? null : move.getReason(),
      change.completedAt(),
      request == null ? null : request.getAttributes().get(RunIdentity.SPAWNED_AS),
      further(context)
    };
  }

  /** Further repositories, in one text: a column of arrays cannot be handed over as an array. */
  private static @Nullable String further(@Nullable TaskContext context) {
    return context == null || context.getRepositories().isEmpty()
        ? null
        : String.join(" ", context.getRepositories());
  }

  private static @Nullable String agent(@Nullable TaskRequest request, @Nullable TaskEvent step) {
    if (step != null && step.getAgent() != null) {
      return step.getAgent();
    }
    return request == null ? null : request.getAgent();
  }
}
