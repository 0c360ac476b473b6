package dev.millrace.audit.readmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAUSED = "paused";

  private record Key(String queue, String name) {}

  private record Setting(String value, @Nullable String reason, Instant at, String traceId) {

    Setting then(Setting later) {
      return later.at.isBefore(at) ? this : later;
    }
  }

  private final Map<Key, Setting> settings =
      new TreeMap<>(Comparator.comparing(Key::queue).thenComparing(Key::name));

  @Override
  public void add(MirrorRow row) {
    if (row.value().value() instanceof TaskEvent event
        && event.getTaskId() == null
        && event.getQueue() != null) {
      if (event.getType() == TaskEventType.PAUSED) {
        put(row, event, PAUSED, "true");
      } else if (event.getType() == TaskEventType.RESUMED) {
        put(row, event, PAUSED, "false");
      } else if (event.getType() == TaskEventType.SETTINGS_CHANGED && event.getResult() != null) {
        all(event.getResult())
            .properties()
            .forEach(entry -> put(row, event, entry.getKey(), entry.getValue().asText()));
      }
    }
  }

  private void put(MirrorRow row, TaskEvent event, String name, String value) {
    settings.merge(
        new Key(event.getQueue(), name),
        new Setting(
            value, event.getReason(), event.getOccurredAt(), row.context().trace().traceId()),
        Setting::then);
  }

  /** A router of another version may say it otherwise: then there are none. */
  private static JsonNode all(String result) {
    try {
      return JSON.readTree(result);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows rows = new Rows(UPSERT);
    settings.forEach((key, setting) ->
        rows.add(
            key.queue(),
            key.name(),
            setting.value(),
            setting.reason(),
            setting.at(),
            setting.traceId()));
    rows.execute(connection);
  }
}
