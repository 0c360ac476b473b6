package dev.millrace.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When a call is tried again.
 *
 * @param times how often, at most
 * @param longestWait longest wait before one of them
 */
record Retries(int times, Duration longestWait) {

  private static final Set<Integer> AWAY = Set.of(MillraceException.NO_ANSWER, 502, 503, 504);
  private static final int LIMITED = 429;
  private static final Duration FIRST = Duration.ofMillis(200);

  /** Whether the gateway could not be reached or is not ready, which passes. */
  static boolean isAway(MillraceException failure) {
    return AWAY.contains(failure.status());
  }

  /**
   * The wait before the next try; empty when there is none.
   *
   * @param failed how often the call failed, from 1
   */
  Optional<Duration> after(MillraceException failure, int failed) {
    boolean passes = isAway(failure) || failure.status() == LIMITED;
    if (failed > times || !passes) {
      return Optional.empty();
    }
    Duration asked = failure.retryAfter().orElse(Duration.ZERO);
    if (asked.compareTo(longestWait) > 0) {
      return Optional.empty();
    }
    long backoff = FIRST.toMillis() << Math.min(failed - 1, 10);
    Duration wait =
        Duration.ofMillis(backoff / 2 + ThreadLocalRandom.current().nextLong(backoff / 2 + 1));
    Duration longer = wait.compareTo(asked) > 0 ? wait : asked;
    return Optional.of(longer.compareTo(longestWait) > 0 ? longestWait : longer);
  }
}
