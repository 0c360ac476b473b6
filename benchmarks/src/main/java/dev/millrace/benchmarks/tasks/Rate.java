package dev.millrace.benchmarks.tasks;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows on standard error how fast something goes, until it is closed. */
final class Rate implements AutoCloseable {

  private static final int PERIOD_SECONDS = 10;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final String what;
  private final LongSupplier count;
  private long last;

  private Rate(String what, LongSupplier count) {
    this.what = what;
    this.count = count;
  }

  /**
   * Begins to show a rate.
   *
   * @param count how many there were until now
   */
  static Rate show(String what, LongSupplier count) {
    Rate rate = new Rate(what, count);
    var _ =
        rate.timer.scheduleAtFixedRate(
            rate::print, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    return rate;
  }

  private void print() {
    long now = count.getAsLong();
    System.err.printf("bench:   %d %s/s%n", (now - last) / PERIOD_SECONDS, what);
    last = now;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
