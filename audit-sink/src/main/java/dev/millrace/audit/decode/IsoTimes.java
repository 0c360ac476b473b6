package dev.millrace.audit.decode;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** Avro's times and dates as ISO 8601. What lies outside a day or the calendar stays a number. */
final class IsoTimes {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private IsoTimes() {}

  /** An instant from a count of units since 1970, with so many units in a second. */
  static String timestamp(long units, long perSecond) {
    return instant(units, perSecond).toString();
  }

  /** A local date and time from a count of units since 1970. */
  static String localTimestamp(long units, long perSecond) {
    try {
      return instant(units, perSecond).atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
    } catch (DateTimeException e) {
      return Long.toString(units);
    }
  }

  static String date(int days) {
    return LocalDate.ofEpochDay(days).toString();
  }

  /** A time of day from the nanoseconds since midnight. */
  static String time(long nanos) {
    try {
      return LocalTime.ofNanoOfDay(nanos).toString();
    } catch (DateTimeException e) {
      return Long.toString(nanos);
    }
  }

  /** A UUID from its 16 bytes. */
  static String uuid(ByteBuffer bytes) {
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static Instant instant(long units, long perSecond) {
    return Instant.ofEpochSecond(
        Math.floorDiv(units, perSecond),
        Math.floorMod(units, perSecond) * (NANOS_PER_SECOND / perSecond));
  }
}
