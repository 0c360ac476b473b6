package dev.millrace.learning.learner;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The event that something follows from, in a form that can be stored.
 *
 * @param eventId its identity
 * @param traceparent its place in a trace
 * @param replayId the replay it is part of, if it is
 */
public record Cause(String eventId, String traceparent, @Nullable String replayId) {

  public static Cause of(EventContext context) {
    return new Cause(context.id().value(), context.trace().traceparent(), context.replayId());
  }

  /** The context to derive what follows from. */
  public EventContext context(Instant at) {
    EventId id = new EventId(eventId);
    TraceContext trace = TraceContext.parse(traceparent).orElseGet(() -> TraceContext.of(id));
    return new EventContext(id, EventContext.EXTERNAL, at, trace, replayId);
  }

  /** An identity that always is the same for this cause and name. */
  public String derive(String name) {
    return new EventId(eventId).derive(name).value();
  }
}
