package dev.millrace.benchmarks.audit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * How fast rows become visible, from the first that are to the last: what a process takes to start
 * does not count.
 */
final class Arrival {

  private static final Duration POLL = Duration.ofMillis(100);

  private Arrival() {}

  /**
   * Waits for rows.
   *
   * @param count rows that are visible now
   * @param all how many there will be
   * @param starts how long the first may take
   * @param limit how long the rest may take; the rate is that of what has come by then
   * @return rows a second
   * @throws IllegalStateException if none come
   */
  static double rate(LongSupplier count, long all, Duration starts, Duration limit) {
    long begin = System.nanoTime();
    long first = count.getAsLong();
    while (first == 0) {
      if (System.nanoTime() - begin > starts.toNanos()) {
        throw new IllegalStateException("no row was visible within " + starts);
      }
      LockSupport.parkNanos(POLL.toNanos());
      first = count.getAsLong();
    }
    long firstNanos = System.nanoTime();
    long last = first;
    long lastNanos = firstNanos;
    while (last < all && lastNanos - firstNanos < limit.toNanos()) {
      LockSupport.parkNanos(POLL.toNanos());
      last = count.getAsLong();
      lastNanos = System.nanoTime();
    }
    if (last == first) {
      throw new IllegalStateException("all rows came at once: too few to measure with");
    }
    return (last - first) * (double) TimeUnit.SECONDS.toNanos(1) / (lastNanos - firstNanos);
  }

  /**
   * Waits until all rows are there, as long as more and more are.
   *
   * @param limit for the next to come
   * @throws IllegalStateException if none comes for so long
   */
  static void awaitAll(LongSupplier count, long all, Duration limit) {
    long most = 0;
    long since = System.nanoTime();
    for (long now = count.getAsLong(); now < all; now = count.getAsLong()) {
      if (now > most) {
        most = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > limit.toNanos()) {
        throw new IllegalStateException(
            "%d of %d rows are there, and no more came for %s".formatted(now, all, limit));
      }
      LockSupport.parkNanos(POLL.multipliedBy(5).toNanos());
    }
  }
}
