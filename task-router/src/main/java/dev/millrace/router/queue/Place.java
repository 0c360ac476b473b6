package dev.millrace.router.queue;

import dev.millrace.schemas.task.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * Place in the waiting line.
 *
 * @param priority line it stands in
 * @param tenant in whose turn it is served: its own tenant's, unless it was moved by hand
 * @param sequence order inside the line of the tenant, lowest first
 * @param since when the wait began, for ageing
 */
public record Place(Priority priority, Tenant tenant, long sequence, Instant since) {

  /** Distance between the sequences of neighbours, for tasks that are moved between them. */
  public static final long GAP = 1L << 32;

  /** The place right behind this one. */
  Place behind() {
    return new Place(priority, tenant, Math.incrementExact(sequence), since);
  }

  /**
   * The order in which waiting tasks are served: the higher priority first, where every full {@code
   * ageing} of waiting counts as one priority; then the one that waits longer.
   */
  static Comparator<Place> serving(Duration ageing, Instant now) {
    return Comparator.<Place>comparingInt(place -> place.rank(ageing, now))
        .thenComparing(Place::since)
        .thenComparingLong(Place::sequence);
  }

  private int rank(Duration ageing, Instant now) {
    int rank = rank(priority);
    if (ageing.isZero() || now.isBefore(since)) {
      return rank;
    }
    long risen = Duration.between(since, now).dividedBy(ageing);
    return (int) Math.max(0, rank - risen);
  }

  /** Number of a priority's line: 0 is served first. */
  private static int rank(Priority priority) {
    return switch (priority) {
      case CRITICAL -> 0;
      case HIGH -> 1;
      case MEDIUM -> 2;
      case LOW -> 3;
    };
  }
}
