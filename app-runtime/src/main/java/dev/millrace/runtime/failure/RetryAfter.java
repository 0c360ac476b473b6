package dev.millrace.runtime.failure;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a service asks its callers to wait. */
public final class RetryAfter {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");

  private RetryAfter() {}

  /**
   * What the headers say: {@code retry-after-ms}, which OpenAI sends besides, or {@code
   * retry-after} in seconds or as a date, as RFC 9110 has it.
   *
   * @param headers the values of a header, by its name in lower case
   * @return null if they say nothing
   */
  public static @Nullable Duration of(Function<String, List<String>> headers) {
    return first(headers, "retry-after-ms")
        .flatMap(text -> number(text.strip(), 1))
        .or(() -> first(headers, "retry-after").flatMap(text -> parse(text, Instant.now())))
        .orElse(null);
  }

  /**
   * How long to wait from now on, as the value of {@code Retry-After} says: in seconds, or up to a
   * date.
   *
   * @return empty if it says neither
   */
  public static Optional<Duration> parse(String header, Instant now) {
    String value = header.strip();
    return number(value, 1_000).or(() -> date(value, now));
  }

  private static Optional<String> first(Function<String, List<String>> headers, String name) {
    return headers.apply(name).stream().findFirst();
  }

  private static Optional<Duration> number(String text, int milliseconds) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(Duration.ofMillis((long) Math.ceil(Double.parseDouble(text) * milliseconds)))
        : Optional.empty();
  }

  private static Optional<Duration> date(String text, Instant now) {
    try {
      Instant end = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, end);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
