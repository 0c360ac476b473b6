package dev.millrace.gateway.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Points in time that clients name: those that Kafka as well as Postgres can hold. */
public final class PointInTime {

  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

  private PointInTime() {}

  /**
   * Reads a time with its offset, in ISO 8601.
   *
   * @param field where the client said it
   * @throws ProblemException 400 if it is none
   */
  public static Instant parse(String field, String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (time.isBefore(FIRST) || !time.isBefore(END)) {
        throw ProblemException.invalid(field, "expected a time from 1970 to 9998");
      }
      return time;
    } catch (DateTimeException e) {
      throw ProblemException.invalid(field, "expected a time such as 2026-01-23T10:00:00Z");
    }
  }
}
