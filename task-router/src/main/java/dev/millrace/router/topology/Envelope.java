package dev.millrace.router.topology;

import dev.millrace.router.queue.Position;
import dev.millrace.router.queue.QueueEvent;
import dev.millrace.router.queue.Task;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Who an event is and where it came from, in headers that go with it to the thread that owns its
 * queue. An event of an outside producer has no headers of its own; its identity is its place.
 */
final class Envelope {

  private static final String POSITION = "millrace_position";

  /** On a request that a queue handed on: runs its task had there. */
  private static final String MOVED = "millrace_moved";

  private Envelope() {}

  /** Headers of an event as it was read, made complete. */
  static Headers seal(Headers headers, RecordMetadata metadata, long timestampMs) {
    Position position = new Position(metadata.topic(), metadata.partition(), metadata.offset());
    EventContext context = context(headers, position, timestampMs);
    Headers sealed = new RecordHeaders(headers.toArray());
    set(sealed, EventHeaders.ID, context.id().value());
    set(sealed, EventHeaders.SOURCE, context.source());
    set(sealed, EventHeaders.TIME, context.time().toString());
    set(sealed, EventHeaders.TRACEPARENT, context.trace().traceparent());
    set(sealed, POSITION, position.toString());
    return sealed;
  }

  /** Reads what {@link #seal} wrote. */
  static Task.Origin open(Headers sealed, long timestampMs) {
    Header header = sealed.lastHeader(POSITION);
    if (header == null) {
      throw new IllegalStateException("an event reached its queue without the header " + POSITION);
    }
    Position position = Position.parse(new String(header.value(), StandardCharsets.UTF_8));
    return new Task.Origin(context(sealed, position, timestampMs), position);
  }

  /** Headers of a request that a queue hands on. */
  static Headers moved(Headers headers, int attempts) {
    Headers marked = new RecordHeaders(headers.toArray());
    set(marked, MOVED, Integer.toString(attempts));
    return marked;
  }

  /** Where a request comes from, if a queue handed it on. */
  static QueueEvent.@Nullable Moved moved(Headers headers) {
    Header header = headers.lastHeader(MOVED);
    if (header == null) {
      return null;
    }
    String attempts = new String(header.value(), StandardCharsets.UTF_8);
    return new QueueEvent.Moved(attempts.matches("\\d{1,9}") ? Integer.parseInt(attempts) : 0);
  }

  private static EventContext context(Headers headers, Position position, long timestampMs) {
    return EventContext.of(
        headers,
        EventId.ofPosition(position.topic(), position.partition(), position.offset()),
        Instant.ofEpochMilli(Math.max(0, timestampMs)));
  }

  private static void set(Headers headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
