package dev.millrace.router.circuit;

import java.time.Duration;

/**
 * When a circuit opens, and for how long.
 *
 * @param failures failures in a row after which it opens; 0 if it never does
 * @param firstOpen how long it is open the first time; twice as long after each probe that fails
 * @param maxOpen longest time it is open, unless the provider asks for more
 */
public record CircuitRules(int failures, Duration firstOpen, Duration maxOpen) {

  /** A provider that asks for a longer pause than this is not obeyed. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);

  private static final int MAX_DOUBLINGS = 20;

  public CircuitRules {
    if (failures < 0 || !firstOpen.isPositive() || maxOpen.compareTo(firstOpen) < 0) {
      throw new IllegalArgumentException(
          "expected failures from 0 and times above zero in order, found %d, %s, %s"
              .formatted(failures, firstOpen, maxOpen));
    }
  }

  /** Whether circuits open at all. */
  boolean areOn() {
    return failures > 0;
  }

  /** How long a circuit is open that was opened so often before without being closed. */
  Duration openFor(int reopened) {
    Duration wanted = firstOpen.multipliedBy(1L << Math.min(reopened, MAX_DOUBLINGS));
    return wanted.compareTo(maxOpen) < 0 ? wanted : maxOpen;
  }
}
