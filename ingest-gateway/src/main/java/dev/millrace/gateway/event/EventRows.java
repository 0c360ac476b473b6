package dev.millrace.gateway.event;

import dev.millrace.gateway.http.Call;
import dev.millrace.schemas.event.EventNames;

/** The columns of an event that clients see. */
public final class EventRows {

  /** Columns of {@code public.ai_events}, for a SELECT. */
  public static final String COLUMNS =
      """
      id, event_id, event_type, source, subject, task_id, priority, data, trace_id, topic, partition,
      "offset", "timestamp"\
      """;

  /** Type of the events that mark others as processed. */
  static final String MARK = EventNames.EVENT_PROCESSED;

  /**
   * Whether an event {@code e} that somebody is to process was marked here, or moved a flow. Others
   * need no mark: the apps take them that they are for, and nobody has to take those of platforms.
   */
  static final String PROCESSED =
      """
      CASE WHEN e.to_process THEN
        EXISTS (SELECT FROM public.ai_events mark
                 WHERE mark.event_type = '%s' AND mark.data->>'event_id' = e.event_id
                   AND mark.topic = 'platform.events' AND mark.source = '%s')
        OR EXISTS (SELECT FROM public.ai_events step
                    WHERE step.topic = 'workflow.events' AND step.data->>'cause_id' = e.event_id)
      ELSE true END\
      """
          .formatted(MARK, Call.SOURCE);

  /** All of them of events {@code e}, and whether they are processed. */
  static final String SELECT =
      "SELECT %s, %s AS processed\n  FROM public.ai_events e\n".formatted(COLUMNS, PROCESSED);

  private EventRows() {}
}
