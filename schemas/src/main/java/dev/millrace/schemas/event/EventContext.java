package dev.millrace.schemas.event;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Who an event is, where it comes from and which trace it is in: what stands in the headers of a
 * record.
 *
 * @param id identity of the event
 * @param source app that wrote it, or {@code external} for a producer that does not say
 * @param time when it happened
 * @param trace trace it is in
 * @param replayId the replay that wrote it again, if one did, as {@link ReplayMark} reads it
 */
public record EventContext(
    EventId id, String source, Instant time, TraceContext trace, @Nullable String replayId) {

  /** Source of an event whose producer does not name itself. */
  public static final String EXTERNAL = "external";

  /** Times from here on are taken for a mistake; not every store can hold them. */
  private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");

  /** An event that nothing led to. */
  public static EventContext start(String source, TraceContext trace) {
    return new EventContext(EventId.random(), source, Instant.now(), trace, null);
  }

  /** Reads the headers of a record; what is missing or malformed is made from its place. */
  public static EventContext of(ConsumerRecord<?, ?> record) {
    return of(
        record.headers(),
        EventId.ofPosition(record.topic(), record.partition(), record.offset()),
        Instant.ofEpochMilli(Math.max(0, record.timestamp())));
  }

  /**
   * Reads headers.
   *
   * @param position identity to use when the headers have none
   * @param timestamp time to use when the headers have none
   */
  public static EventContext of(Headers headers, EventId position, Instant timestamp) {
    EventId id = EventHeaders.text(headers, EventHeaders.ID).map(EventId::new).orElse(position);
    return new EventContext(
        id,
        EventHeaders.text(headers, EventHeaders.SOURCE).orElse(EXTERNAL),
        EventHeaders.text(headers, EventHeaders.TIME)
            .flatMap(EventContext::instant)
            .orElse(timestamp),
        EventHeaders.text(headers, EventHeaders.TRACEPARENT)
            .flatMap(TraceContext::parse)
            .orElseGet(() -> TraceContext.of(position)),
        EventHeaders.text(headers, EventHeaders.REPLAY_ID).orElse(null));
  }

  /**
   * The event that this one leads to: same trace, an identity derived from this one and the name.
   *
   * @param source app that writes it
   * @param name what tells the events apart that this one leads to
   */
  public EventContext derive(String source, String name) {
    return new EventContext(id.derive(name), source, Instant.now(), trace.child(), replayId);
  }

  /** Whether apps may have this effect for it: always, unless a replay wrote it without. */
  public boolean allows(Effect effect) {
    return replayId == null || ReplayMark.parse(replayId).effects().contains(effect);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text))
          .filter(time -> !time.isBefore(Instant.EPOCH) && time.isBefore(END_OF_TIME));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
