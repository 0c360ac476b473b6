package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** {@code public.agents}: a run starts once, ends once, and never goes back. */
final class Agents implements ReadModel {

  private static final String UPSERT =
      """
      INSERT INTO agents AS a (
        id, task_id, agent_type, status, started_at, completed_at, exit_code, error, metadata,
        trace_id, container_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
                           ?::timestamptz[], ?::int[], ?::text[], ?::jsonb[], ?::text[],
                           ?::text[])
      ON CONFLICT (id) DO UPDATE SET
        status = CASE WHEN array_position(ARRAY['starting', 'running'], a.status) IS NULL
                        OR a.status = 'running' AND excluded.status = 'starting'
                      THEN a.status ELSE excluded.status END,
        started_at = coalesce(a.started_at, excluded.started_at),
        completed_at = coalesce(a.completed_at, excluded.completed_at),
        exit_code = coalesce(a.exit_code, excluded.exit_code),
        error = coalesce(a.error, excluded.error),
        metadata = a.metadata || excluded.metadata,
        container_id = coalesce(excluded.container_id, a.container_id)\
      """;

  private final Map<String, RunChange> changes = new TreeMap<>();

  @Override
  public void add(MirrorRow event) {
    RunChange.of(event).ifPresent(change -> changes.merge(change.runId(), change, RunChange::then));
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows rows = new Rows(UPSERT);
    for (RunChange change : changes.values()) {
      rows.add(
          change.runId(),
          change.taskId(),
          change.agentType(),
          change.status().column(),
          change.startedAt(),
          change.completedAt(),
          change.exitCode(),
          change.error(),
          Details.of(change.metadata()),
          change.traceId(),
          change.containerId());
    }
    rows.execute(connection);
  }
}
