package dev.millrace.runtime.streams;

import dev.millrace.runtime.failure.Causes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How often stream threads failed lately. Another thread mends one failure; where one fails after
 * the other, they meet something that none of them gets past.
 */
final class ThreadFailures {

  private static final int IN_A_ROW = 3;

  /** A thread that fails at once is replaced within seconds, one that waits for a broker later. */
  private static final Duration LATELY = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Instant last = Instant.EPOCH;
  private int row;
  private String reason = "";

  ThreadFailures(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void add(Throwable failure) {
    row = isLately() ? row + 1 : 1;
    last = clock.instant();
    reason = failure.getClass().getSimpleName() + ": " + Causes.rootMessage(failure);
  }

  /** Why nothing goes on; empty where it does. */
  synchronized Optional<String> standstill() {
    return row >= IN_A_ROW && isLately()
        ? Optional.of("a stream thread failed %d times in a row: %s".formatted(row, reason))
        : Optional.empty();
  }

  private boolean isLately() {
    return last.plus(LATELY).isAfter(clock.instant());
  }
}
