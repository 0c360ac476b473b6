package dev.millrace.audit.readmodel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code public.ai_events}, without what it takes from its record.
 *
 * @param type what happened
 * @param subject what it is about
 * @param taskId task it belongs to
 * @param priority how urgent it is
 * @param data the details that matter, a JSON object
 * @param at when it happened; absent for the record timestamp
 * @param eventId its own identity, when it is not that of its record
 * @param source who says so, when that is not who wrote its record
 */
record AnalystEvent(
    String type,
    @Nullable String subject,
    @Nullable String taskId,
    @Nullable String priority,
    String data,
    @Nullable Instant at,
    @Nullable String eventId,
    @Nullable String source) {

  static AnalystEvent of(
      String type, @Nullable String subject, Details data, @Nullable Instant at) {
    return new AnalystEvent(type, subject, null, null, data.build(), at, null, null);
  }

  AnalystEvent task(@Nullable String id, @Nullable Enum<?> urgency) {
    return new AnalystEvent(
        type, subject, id, Names.ofNullable(urgency), data, at, eventId, source);
  }

  AnalystEvent identity(@Nullable String id) {
    return new AnalystEvent(type, subject, taskId, priority, data, at, id, source);
  }
}
