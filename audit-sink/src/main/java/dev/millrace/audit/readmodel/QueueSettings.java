package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code public.queue_settings}: the latest value of each setting of a queue. Steps of a queue say
 * what was changed, by whom and why; its snapshots say how it is set from the start. Snapshots come
 * all the time, so only a value that is not there yet is written.
 */
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
      WHERE excluded.updated_at >= s.updated_at
         OR s.reason IS NULL AND excluded.value = s.value\
      """;

  private static final String UPSERT_SEEN =
      """
      INSERT INTO queue_settings AS s (queue, key, value, reason, updated_at, trace_id)
      SELECT seen.* FROM
        unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[])
          AS seen (queue, key, value, reason, updated_at, trace_id)
       WHERE NOT EXISTS (
               SELECT FROM queue_settings known
                WHERE known.queue = seen.queue AND known.key = seen.key
                  AND (known.value = seen.value OR known.updated_at >= seen.updated_at))
      ON CONFLICT (queue, key) DO UPDATE SET
        value = excluded.value,
        reason = excluded.reason,
        updated_at = excluded.updated_at,
        trace_id = excluded.trace_id
      WHERE excluded.updated_at > s.updated_at AND excluded.value <> s.value\
      """;

  private record Key(String queue, String name) {}

  private final Map<Key, SettingChange> changed = byKey();
  private final Map<Key, SettingChange> seen = byKey();

  private static Map<Key, SettingChange> byKey() {
    return new TreeMap<>(Comparator.comparing(Key::queue).thenComparing(Key::name));
  }

  @Override
  public void add(MirrorRow row) {
    SettingChange.of(row).forEach(change -> merge(changed, change));
    SettingChange.seen(row).forEach(change -> merge(seen, change));
  }

  private static void merge(Map<Key, SettingChange> settings, SettingChange change) {
    settings.merge(new Key(change.queue(), change.name()), change, SettingChange::then);
  }

  @Override
  public void write(Connection connection) throws SQLException {
    rows(UPSERT, changed).execute(connection);
    rows(UPSERT_SEEN, seen).execute(connection);
  }

  private static Rows rows(String sql, Map<Key, SettingChange> settings) {
    Rows rows = new Rows(sql);
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
    return rows;
  }
}
