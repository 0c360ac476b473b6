package dev.millrace.runtime.validation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Requirements on the fields of events, whoever wrote them. What a state keeps and what an event
 * passes on must be of bounded size: a record that the broker finds too large stops its stream for
 * good, where an event that is refused is a dead letter.
 */
public final class EventFields {

  /** Longest identity or name, in characters. */
  public static final int MAX_NAME_LENGTH = 256;

  private EventFields() {}

  /**
   * Requires an identity or a name.
   *
   * @throws InvalidEventException if it is blank or longer than {@link #MAX_NAME_LENGTH}
   */
  public static void requireName(String field, String name) {
    if (name.isBlank()) {
      throw new InvalidEventException(
          "%s: expected 1 to %d characters, found a blank text".formatted(field, MAX_NAME_LENGTH));
    }
    requireShort(field, name);
  }

  /**
   * Requires an identity or a name, where there is one.
   *
   * @throws InvalidEventException if it is longer than {@link #MAX_NAME_LENGTH}
   */
  public static void requireShort(String field, @Nullable String name) {
    int length = name == null ? 0 : name.codePointCount(0, name.length());
    if (length > MAX_NAME_LENGTH) {
      throw new InvalidEventException(
          "%s: expected at most %d characters, found %d".formatted(field, MAX_NAME_LENGTH, length));
    }
  }

  /**
   * Requires a time that every store can hold.
   *
   * @throws InvalidEventException if it is before 1970
   */
  public static void requireTime(String field, Instant time) {
    if (time.isBefore(Instant.EPOCH)) {
      throw new InvalidEventException(
          "%s: expected a time from 1970 on, found %s".formatted(field, time));
    }
  }

  /**
   * When something happened: as the event tells, but not after its record was written, as the clock
   * of its producer may run ahead.
   *
   * @param told what the event tells, if it does
   * @param at the timestamp of its record
   * @throws InvalidEventException if it tells of a time before 1970
   */
  public static Instant timeNotAfter(String field, @Nullable Instant told, Instant at) {
    if (told == null || told.isAfter(at)) {
      return at;
    }
    requireTime(field, told);
    return told;
  }
}
