package dev.millrace.runtime.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them, and as {@link Environment#duration} reads them. */
public final class Durations {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  private Durations() {}

  /** What {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h} or {@code 7d} says; else nothing. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  /** A duration in whole milliseconds, in the largest unit that has no fractions. */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % Duration.ofSeconds(1).toMillis() != 0) {
      return millis + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds == 0 || seconds % Duration.ofMinutes(1).toSeconds() != 0) {
      return seconds + "s";
    }
    long minutes = duration.toMinutes();
    return minutes % Duration.ofHours(1).toMinutes() == 0
        ? duration.toHours() + "h"
        : minutes + "m";
  }
}
