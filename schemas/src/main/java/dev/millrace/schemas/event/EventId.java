package dev.millrace.schemas.event;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Identity of an event: an event that is delivered, written or replayed again keeps it. */
public record EventId(String value) {

  /** Longest identity that is accepted, in characters. */
  public static final int MAX_LENGTH = 256;

  public EventId {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an event id has 1 to " + MAX_LENGTH + " characters, not " + value.length());
    }
  }

  /** A new, random identity. */
  public static EventId random() {
    return new EventId(UUID.randomUUID().toString());
  }

  /** Identity of an event that came without one: its place on Kafka. */
  public static EventId ofPosition(String topic, int partition, long offset) {
    return new EventId(topic + '/' + partition + '/' + offset);
  }

  /**
   * Identity of an event that this one leads to: always the same for the same cause and name, so
   * that a cause that is processed twice leads to one event.
   */
  public EventId derive(String name) {
    return new EventId(
        UUID.nameUUIDFromBytes((value + '\n' + name).getBytes(StandardCharsets.UTF_8)).toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
