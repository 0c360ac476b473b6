package dev.millrace.router.topology;

import dev.millrace.router.queue.Position;
import dev.millrace.router.queue.QueueName;
import dev.millrace.router.queue.Task;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Why a queue does something: an event, or that time passed.
 *
 * @param context identity and trace
 * @param event the event and where it stands; null if time passed
 */
record Cause(EventContext context, @Nullable Source event) {

  /** Name under which the router signs its events. */
  static final String APP = "task-router";

  /** An event that was read, and its place on Kafka. */
  record Source(SpecificRecord value, Position position) {}

  static Cause of(SpecificRecord event, Task.Origin origin) {
    return new Cause(origin.context(), new Source(event, origin.position()));
  }

  /** Time passed: always the same identity for the same queue and time. */
  static Cause tick(QueueName queue, Instant now) {
    EventId id = new EventId(APP + "/" + queue + "/tick/" + now.toEpochMilli());
    return new Cause(new EventContext(id, APP, now, TraceContext.of(id), null), null);
  }
}
