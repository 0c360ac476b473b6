package dev.millrace.audit.mirror;

import java.time.Duration;

/** Waits that double from try to try, up to a limit. */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(100);

  private final Duration longest;
  private Duration next = FIRST;

  Backoff(Duration longest) {
    this.longest = longest;
  }

  /** The wait before the next try. */
  Duration next() {
    Duration wait = next.compareTo(longest) < 0 ? next : longest;
    next = wait.multipliedBy(2);
    return wait;
  }

  /** A try succeeded. */
  void reset() {
    next = FIRST;
  }
}
