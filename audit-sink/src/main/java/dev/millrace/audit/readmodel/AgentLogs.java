package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.agent.AgentLog;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code public.agent_logs}: one row a line. */
final class AgentLogs implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO agent_logs (
        agent_id, "timestamp", stream, content, sequence, task_id, trace_id)
      SELECT * FROM unnest(?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::bigint[],
                           ?::text[], ?::text[])\
      """;

  private final Rows rows = new Rows(INSERT);

  @Override
  public void add(MirrorRow event) {
    if (event.value().value() instanceof AgentLog log) {
      rows.add(
          log.getRunId(),
          log.getOccurredAt(),
          Names.of(log.getStream()),
          log.getContent(),
          log.getSequence(),
          log.getTaskId(),
          event.context().trace().traceId());
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    rows.execute(connection);
  }
}
