package dev.millrace.audit.readmodel;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.deadletter.Missing;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** {@code public.dead_letters}: one row a letter. */
final class DeadLetterRows implements ReadModel {

  private static final String INSERT =
      """
      INSERT INTO dead_letters (
        id, topic, partition, "offset", key, app, error, reason, attempts, event_id, value_bytes,
        missing, failed_at, trace_id)
      SELECT * FROM unnest(?::text[], ?::text[], ?::int[], ?::bigint[], ?::text[], ?::text[],
                           ?::text[], ?::text[], ?::int[], ?::text[], ?::int[], ?::text[],
                           ?::timestamptz[], ?::text[])
      ON CONFLICT (id) DO NOTHING\
      """;

  private final Rows rows = new Rows(INSERT);

  @Override
  public void add(MirrorRow event) {
    if (event.value().value() instanceof DeadLetter letter && !isWrittenAgain(event, letter)) {
      rows.add(
          event.record().partition() + "-" + event.record().offset(),
          letter.getTopic(),
          letter.getPartition(),
          letter.getOffset(),
          text(letter.getKey()),
          letter.getApp(),
          letter.getError(),
          letter.getReason(),
          letter.getAttempts(),
          letter.getEventId(),
          letter.getValue() == null ? null : letter.getValue().remaining(),
          switch (Missing.of(letter, event.redacted())) {
            case NOTHING -> null;
            case VALUE -> "value";
            case RECORD -> "record";
          },
          letter.getFailedAt(),
          event.context().trace().traceId());
    }
  }

  /**
   * Whether a replay wrote the letter itself again, which is a row already. One about a record that
   * a replay wrote, or that is read again after a reset, has the mark of that record within.
   */
  static boolean isWrittenAgain(MirrorRow event, DeadLetter letter) {
    String mark = event.context().replayId();
    return mark != null && !mark.equals(text(letter.getHeaders().get(EventHeaders.REPLAY_ID)));
  }

  private static @Nullable String text(@Nullable ByteBuffer bytes) {
    return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  @Override
  public boolean takesReplays() {
    return true;
  }

  @Override
  public void write(Connection connection) throws SQLException {
    rows.execute(connection);
  }
}
