package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningStatus;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code public.learning_statuses}: the latest status of each learner; a tombstone forgets it. */
final class LearningStatuses implements ReadModel {

  private static final String FORGET =
      "DELETE FROM learning_statuses WHERE user_id = ANY (?::text[])";

  private static final String UPSERT =
      """
      INSERT INTO learning_statuses (user_id, status, updated_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::jsonb[], ?::timestamptz[], ?::text[])
      ON CONFLICT (user_id) DO UPDATE SET
        status = excluded.status,
        updated_at = excluded.updated_at,
        trace_id = excluded.trace_id\
      """;

  private record Latest(String json, Instant updatedAt, String traceId) {}

  private final TreeSet<String> forgotten = new TreeSet<>();
  private final Map<String, Latest> latest = new TreeMap<>();

  @Override
  public void add(MirrorRow row) {
    byte[] json = row.value().json();
    if (row.value().value() instanceof LearningStatus status && json != null) {
      latest.put(
          status.getUserId(),
          new Latest(
              new String(json, StandardCharsets.UTF_8),
              status.getUpdatedAt(),
              row.context().trace().traceId()));
    } else if (Tombstones.is(row, Topics.LEARNING_STATUSES) && row.key() != null) {
      latest.remove(row.key());
      forgotten.add(row.key());
    }
  }

  @Override
  public void write(Connection connection) throws SQLException {
    Rows forget = new Rows(FORGET);
    forgotten.forEach(forget::add);
    forget.execute(connection);

    Rows upsert = new Rows(UPSERT);
    latest.forEach(
        (user, status) -> upsert.add(user, status.json(), status.updatedAt(), status.traceId()));
    upsert.execute(connection);
  }
}
