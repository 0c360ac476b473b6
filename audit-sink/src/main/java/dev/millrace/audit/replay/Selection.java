package dev.millrace.audit.replay;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.replay.ReplayTarget;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
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

  /**
   * Refuses what can match nothing, whatever there is.
   *
   * @throws IllegalArgumentException if a range ends before it begins
   */
  void requirePossible() {
    Long first = request.getFromOffset();
    Long last = request.getToOffset();
    if (first != null && last != null && first > last) {
      throw new IllegalArgumentException(
          "fromOffset: expected at most toOffset (%d), found %d".formatted(last, first));
    }
    Instant from = request.getFromTime();
    Instant to = request.getToTime();
    if (from != null && to != null && !from.isBefore(to)) {
      throw new IllegalArgumentException(
          "from: expected a time before to (%s), found %s".formatted(to, from));
    }
  }

  /** Topics that are wanted; none if those of every topic are. */
  List<String> topics() {
    return request.getTopics();
  }

  /** The one partition that is wanted, if it is one. */
  @Nullable Integer partition() {
    return request.getPartition();
  }

  /**
   * The condition that somebody wrote; null if there is none.
   *
   * @throws IllegalArgumentException if it is certainly none
   */
  @Nullable String condition() {
    String condition = request.getSql();
    if (condition != null && (condition.indexOf(';') >= 0 || condition.indexOf('?') >= 0)) {
      throw new IllegalArgumentException(
          "sql: expected one condition without ';' and '?' (write jsonb_exists(payload, 'name')"
              + " for payload ? 'name')");
    }
    return condition;
  }

  /**
   * A condition on {@code audit.records r}, for everything but what somebody wrote.
   *
   * @param arguments gets the values of its parameters, in order
   */
  String limits(Arguments arguments) {
    StringBuilder sql =
        new StringBuilder("NOT jsonb_exists(r.headers, '" + EventHeaders.REPLAY_ID + "')");
    if (!request.getTopics().isEmpty()) {
      sql.append(
          request.getTopics().stream()
              .map(arguments::add)
              .collect(Collectors.joining(", ", "\n AND r.topic IN (", ")")));
    }
    and(sql, arguments, "r.partition = %s::int", request.getPartition());
    and(sql, arguments, "r.\"offset\" >= %s::bigint", request.getFromOffset());
    and(sql, arguments, "r.\"offset\" <= %s::bigint", request.getToOffset());
    and(sql, arguments, "r.\"timestamp\" >= %s::timestamptz", request.getFromTime());
    and(sql, arguments, "r.\"timestamp\" < %s::timestamptz", request.getToTime());
    and(sql, arguments, "r.key = %s", request.getKey());
    and(sql, arguments, "r.event_id = %s", request.getEventId());
    and(sql, arguments, "r.trace_id = %s", request.getTraceId());
    and(sql, arguments, "r.event_type = %s", request.getEventType());
    return sql.toString();
  }

  private static void and(
      StringBuilder sql, Arguments arguments, String condition, @Nullable Object value) {
    if (value != null) {
      sql.append("\n AND ").append(condition.formatted(arguments.add(value)));
    }
  }

  /**
   * A condition on {@code audit.records r} for what the target can take; a dry run counts what its
   * target could. What was redacted is not written to topics again: a value that was withheld would
   * be a tombstone there, and a blanked one would take the place of the true one.
   */
  String writable() {
    boolean isDryRun = request.getTarget() == ReplayTarget.NOWHERE;
    ReplayTarget target = isDryRun ? request.getRehearsedTarget() : request.getTarget();
    return target == ReplayTarget.FILE ? "true" : "r.redacted IS NULL";
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
