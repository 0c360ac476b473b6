package dev.millrace.runtime.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How often a task is tried, and how long it waits between: exponential backoff of which one half
 * is jitter. The jitter comes from the run that failed, so that processing the failure twice gives
 * the same time.
 *
 * @param maxAttempts runs that may fail before the task has failed, from 1
 * @param firstBackoff longest wait after the first failure
 * @param maxBackoff longest wait after any failure, unless a provider asks for more
 */
public record RetryPolicy(int maxAttempts, Duration firstBackoff, Duration maxBackoff) {

  /** A provider that asks for a longer pause than this is not obeyed. */
  static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);

  /** Doublings beyond this number change nothing: the longest backoff is reached. */
  private static final int MAX_DOUBLINGS = 30;

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("a task is tried at least once, not " + maxAttempts);
    }
    if (firstBackoff.isNegative() || maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "the longest backoff, %s, must not be shorter than the first, %s"
              .formatted(maxBackoff, firstBackoff));
    }
  }

  /**
   * How long to wait before the next run; empty when there is none.
   *
   * @param failures runs of the task that failed so far, from 1
   * @param run the run that failed last
   * @param retryAfter how long the provider asks to wait
   */
  public Optional<Duration> delayAfter(int failures, String run, @Nullable Duration retryAfter) {
    if (failures >= maxAttempts) {
      return Optional.empty();
    }
    long ceilingMs =
        Math.min(
            maxBackoff.toMillis(),
            firstBackoff.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS));
    long backoffMs = ceilingMs / 2 + Math.round(ceilingMs / 2.0 * fraction(run));
    if (retryAfter == null || retryAfter.isNegative()) {
      return Optional.of(Duration.ofMillis(backoffMs));
    }
    long askedMs = Math.min(retryAfter.toMillis(), MAX_RETRY_AFTER.toMillis());
    long spreadMs = Math.round(askedMs * 0.1 * fraction(run));
    return Optional.of(Duration.ofMillis(Math.max(backoffMs, askedMs + spreadMs)));
  }

  /** A number from 0 to 1 that looks random and is always the same for the same run. */
  private static double fraction(String run) {
    long bits =
        UUID.nameUUIDFromBytes(("jitter\n" + run).getBytes(StandardCharsets.UTF_8))
            .getLeastSignificantBits();
    return (bits & 0xFFFF_FFFFL) / (double) 0xFFFF_FFFFL;
  }
}
