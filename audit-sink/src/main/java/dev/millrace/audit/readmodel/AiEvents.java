package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.platform.PlatformEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code public.ai_events}: one row for each event, however often it is delivered.
 *
 * <p>Ids are given in the order of the commits: whoever reads on behind the id that was read last
 * would miss a lower one that is committed later. So the sinks take turns from the insert to the
 * commit.
 */
final class AiEvents implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO ai_events (
        event_id, event_type, source, subject, task_id, priority, data, trace_id, topic,
        partition, "offset", "timestamp", to_process)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                           ?::jsonb[], ?::text[], ?::text[], ?::int[], ?::bigint[],
                           ?::timestamptz[], ?::boolean[])
      ON CONFLICT (event_id, event_type, source) DO NOTHING\
      """;

  /**
   * Held to the end of the transaction. It is of the very table, so that a rebuild, which writes
   * one of its own for minutes, keeps no sink waiting.
   */
  private static final String TAKE_TURN =
      """
      SELECT pg_advisory_xact_lock('pg_class'::regclass::oid::int, 'ai_events'::regclass::oid::int)\
      """;

  /** What tells events apart; a producer's ids are its own. */
  private record Identity(String eventId, String type, String source) {}

  private record Row(Identity identity, AnalystEvent event, MirrorRow record) {}

  private final Map<Identity, Row> events = new LinkedHashMap<>();

  @Override
  public void add(MirrorRow row) {
    for (AnalystEvent event : AnalystEvents.of(row)) {
      String id = event.eventId() == null ? row.context().id().value() : event.eventId();
      String source = event.source() == null ? row.context().source() : event.source();
      Identity identity = new Identity(id, event.type(), source);
      events.putIfAbsent(identity, new Row(identity, event, row));
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    takeTurn(connection);
    Rows rows = new Rows(INSERT);
    events
        .values()
        .forEach(row -> {
          AnalystEvent event = row.event();
          MirrorRow record = row.record();
          rows.add(
              row.identity().eventId(),
              event.type(),
              row.identity().source(),
              event.subject(),
              event.taskId(),
              event.priority(),
              event.data(),
              record.context().trace().traceId(),
              record.record().topic(),
              record.record().partition(),
              record.record().offset(),
              Acceptance.timeOf(event.at(), record),
              isToProcess(record));
        });
    rows.execute(connection);
  }

  private static boolean isToProcess(MirrorRow record) {
    return record.value().value() instanceof PlatformEvent event && event.getToProcess();
  }

  private static void takeTurn(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TAKE_TURN);
    }
  }
}
