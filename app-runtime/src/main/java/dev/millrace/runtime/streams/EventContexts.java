package dev.millrace.runtime.streams;

import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** The contexts of events that a processor is given. */
public final class EventContexts {

  private EventContexts() {}

  /**
   * Reads the headers of the record that is processed; what is missing or malformed is made from
   * its place.
   *
   * @throws IllegalStateException if no record is processed, but the time
   */
  public static EventContext of(ProcessingContext context, Record<?, ?> record) {
    RecordMetadata place =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("a record without a place"));
    return EventContext.of(
        record.headers(),
        EventId.ofPosition(place.topic(), place.partition(), place.offset()),
        Instant.ofEpochMilli(record.timestamp()));
  }
}
