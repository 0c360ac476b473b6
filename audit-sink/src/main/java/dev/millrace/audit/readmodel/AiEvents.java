package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code public.ai_events}: one row for each event, however often it is delivered. */
final class AiEvents implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO ai_events (
        event_id, event_type, source, subject, task_id, priority, data, trace_id, topic,
        partition, "offset", "timestamp")
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                           ?::jsonb[], ?::text[], ?::text[], ?::int[], ?::bigint[],
                           ?::timestamptz[])
      ON CONFLICT (event_id, event_type, source) DO NOTHING\
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
    Rows rows = new Rows(INSERT);
    events
        .values()
        .forEach(row -> {
          AnalystEvent event = row.event();
          MirrorRow record = row.record();
          Instant at = event.at() == null ? record.timestamp() : event.at();
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
              at);
        });
    rows.execute(connection);
  }
}
