package dev.millrace.audit.replay;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.replay.ReplayRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Which records a replay wants, as SQL for the mirror and as a predicate for Kafka. What an earlier
 * replay wrote is never replayed: its originals are.
 */
final class Selection {

  private final ReplayRequest request;

  Selection(ReplayRequest request) {
    this.request = request;
  }

  /** Whether somebody wrote a condition of their own. */
  boolean hasSql() {
    return request.getSql() != null;
  }

  /**
   * A condition on {@code audit.records r}.
   *
   * @param parameters gets the values of its parameters, in order
   */
  String sql(List<Object> parameters) {
    StringBuilder sql =
        new StringBuilder("NOT jsonb_exists(r.headers, '" + EventHeaders.REPLAY_ID + "')");
    if (!request.getTopics().isEmpty()) {
      and(sql, parameters, "r.topic = ANY (?)", request.getTopics().toArray(String[]::new));
    }
    and(sql, parameters, "r.partition = ?", request.getPartition());
    and(sql, parameters, "r.\"offset\" >= ?", request.getFromOffset());
    and(sql, parameters, "r.\"offset\" <= ?", request.getToOffset());
    and(sql, parameters, "r.\"timestamp\" >= ?::timestamptz", text(request.getFromTime()));
    and(sql, parameters, "r.\"timestamp\" < ?::timestamptz", text(request.getToTime()));
    and(sql, parameters, "r.key = ?", request.getKey());
    and(sql, parameters, "r.event_id = ?", request.getEventId());
    and(sql, parameters, "r.trace_id = ?", request.getTraceId());
    and(sql, parameters, "r.event_type = ?", request.getEventType());
    if (request.getSql() != null) {
      sql.append("\n AND (").append(checked(request.getSql())).append("\n)");
    }
    return sql.toString();
  }

  private static void and(
      StringBuilder sql, List<Object> parameters, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append("\n AND ").append(condition);
      parameters.add(value);
    }
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** The condition runs as a role that can only read; these two would confuse the driver. */
  private static String checked(String condition) {
    if (condition.indexOf(';') >= 0 || condition.indexOf('?') >= 0) {
      throw new IllegalArgumentException(
          "sql: expected one condition without ';' and '?' (write jsonb_exists(payload, 'name')"
              + " for payload ? 'name')");
    }
    return condition;
  }

  /** Whether a record read from Kafka is wanted; its topic and partition are. */
  boolean matches(ConsumerRecord<byte[], byte[]> record) {
    EventContext context = EventContext.of(record);
    return context.replayId() == null
        && isWithin(record)
        && isOrUnset(request.getKey(), text(record.key()))
        && isOrUnset(request.getEventId(), context.id().value())
        && isOrUnset(request.getTraceId(), context.trace().traceId())
        && isOrUnset(request.getEventType(), type(record));
  }

  private boolean isWithin(ConsumerRecord<?, ?> record) {
    Instant time = Instant.ofEpochMilli(record.timestamp());
    return (request.getFromOffset() == null || record.offset() >= request.getFromOffset())
        && (request.getToOffset() == null || record.offset() <= request.getToOffset())
        && (request.getFromTime() == null || !time.isBefore(request.getFromTime()))
        && (request.getToTime() == null || time.isBefore(request.getToTime()));
  }

  private static boolean isOrUnset(@Nullable String wanted, @Nullable String found) {
    return wanted == null || wanted.equals(found);
  }

  private static @Nullable String type(ConsumerRecord<?, ?> record) {
    Header header = record.headers().lastHeader(EventHeaders.TYPE);
    return header == null
        ? Topics.find(record.topic()).map(Topic::eventType).orElse(null)
        : text(header.value());
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
