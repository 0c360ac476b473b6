package dev.millrace.learning.collector;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The {@code Retry-After} header of HTTP (RFC 9110, 10.2.3): seconds, or a date. */
final class RetryAfter {

  private static final int MAX_DIGITS = 9;

  private RetryAfter() {}

  /** How long to wait, from now on; empty when the header is malformed. */
  static Optional<Duration> parse(String header, Instant now) {
    String value = header.strip();
    if (!value.isEmpty()
        && value.length() <= MAX_DIGITS
        && value.chars().allMatch(RetryAfter::isDigit)) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, date);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }
}
