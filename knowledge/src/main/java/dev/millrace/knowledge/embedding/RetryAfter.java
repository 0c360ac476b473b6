package dev.millrace.knowledge.embedding;

import com.openai.core.http.Headers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a service asks its callers to wait. */
final class RetryAfter {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,8}(?:\\.\\d{1,6})?");

  private RetryAfter() {}

  /**
   * What the headers say: {@code retry-after-ms}, which OpenAI sends besides, or {@code
   * retry-after} in seconds or as a date, as RFC 9110 has it.
   */
  static @Nullable Duration of(Headers headers) {
    return first(headers, "retry-after-ms")
        .flatMap(text -> number(text, 1))
        .or(() -> first(headers, "retry-after").flatMap(text -> number(text, 1_000)))
        .or(() -> first(headers, "retry-after").flatMap(RetryAfter::date))
        .orElse(null);
  }

  private static Optional<String> first(Headers headers, String name) {
    return headers.values(name).stream().findFirst();
  }

  private static Optional<Duration> number(String text, int milliseconds) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(text) * milliseconds)))
        : Optional.empty();
  }

  private static Optional<Duration> date(String text) {
    try {
      Instant end = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(Instant.now(), end);
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
