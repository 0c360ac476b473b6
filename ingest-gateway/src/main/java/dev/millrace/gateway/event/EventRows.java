package dev.millrace.gateway.event;

/** The columns of an event that clients see. */
public final class EventRows {

  /** Columns of {@code public.ai_events}, for a SELECT. */
  public static final String COLUMNS =
      """
      id, event_id, event_type, source, subject, task_id, priority, data, trace_id, topic, partition,
      "offset", "timestamp"\
      """;

  private EventRows() {}
}
