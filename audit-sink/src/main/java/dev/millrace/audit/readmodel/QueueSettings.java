package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** {@code public.queue_settings}: the latest value of each setting of a queue. */
final class QueueSettings implements ReadModel {

  private static final String UPSERT =
      """
      INSERT INTO queue_settings AS s (queue, key, value, reason, updated_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[])
      ON CONFLICT (queue, key) DO UPDATE SET
        value = excluded.value,
        reason = excluded.reason,
        updated_at = excluded.updated_at,
        trace_id = excluded.trace_id
      WHERE excluded.updated_at >= s.updated_at\
      """;

  private record Key(String queue, String name) {}

  private final Map<Key, SettingChange> settings =
      new TreeMap<>(Comparator.comparing(Key::queue).thenComparing(Key::name));

  @Override
  public void add(MirrorRow row) {
    SettingChange.of(row)
        .forEach(change ->
            settings.merge(new Key(change.queue(), change.name()), change, SettingChange::then));
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows rows = new Rows(UPSERT);
    settings
        .values()
        .forEach(change ->
            rows.add(
                change.queue(),
                change.name(),
                change.value(),
                change.reason(),
                change.at(),
                change.traceId()));
    rows.execute(connection);
  }
}
