package dev.millrace.runtime.config;

import java.time.Duration;

/** Durations as people write them, and as {@link Environment#duration} reads them. */
public final class Durations {

  private Durations() {}

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
