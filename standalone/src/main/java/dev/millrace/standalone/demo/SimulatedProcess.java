package dev.millrace.standalone.demo;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How a process would be that has these troubles: its counters grow with time, and the faster the
 * worse it is. Nothing is really burnt or filled.
 */
final class SimulatedProcess {

  /** Memory that it may use. */
  static final long MEMORY_LIMIT_BYTES = 256L << 20;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double REQUESTS_PER_SECOND = 40;
  private static final double CALM_MEMORY = 0.35;
  private static final double FULL_MEMORY = 0.97;
  private static final double CALM_CPU = 0.04;
  private static final double BUSY_CPU = 0.99;
  private static final double FAILING_SHARE = 0.3;

  /** What may be wrong with it. */
  enum Trouble {
    DOWN,
    HIGH_MEMORY,
    HIGH_CPU,
    HIGH_ERROR;

    /** Its name in addresses and anomalies. */
    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final LongSupplier nanos;
  private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);
  private boolean paused;
  private long countedAt;
  private double cpuSeconds;
  private double answered;
  private double failed;

  /**
   * @param nanos a clock that only goes forward
   */
  SimulatedProcess(LongSupplier nanos) {
    this.nanos = nanos;
    this.countedAt = nanos.getAsLong();
  }

  synchronized void trouble(Trouble trouble) {
    count();
    troubles.add(trouble);
  }

  /** As a process that begins: nothing is wrong, nothing was counted. */
  synchronized void restart() {
    troubles.clear();
    paused = false;
    countedAt = nanos.getAsLong();
    cpuSeconds = 0;
    answered = 0;
    failed = 0;
  }

  synchronized void clearCache() {
    troubles.remove(Trouble.HIGH_MEMORY);
  }

  /** It does nothing until it is restarted. */
  synchronized void pause() {
    count();
    paused = true;
    troubles.remove(Trouble.HIGH_CPU);
  }

  synchronized boolean isUp() {
    return !troubles.contains(Trouble.DOWN);
  }

  synchronized boolean isPaused() {
    return paused;
  }

  /** Its metrics, in the text format of Prometheus. */
  synchronized String metrics() {
    count();
    double memory = troubles.contains(Trouble.HIGH_MEMORY) ? FULL_MEMORY : CALM_MEMORY;
    return String.format(
        Locale.ROOT,
        """
        # TYPE process_resident_memory_bytes gauge
        process_resident_memory_bytes %.0f
        # TYPE process_cpu_seconds_total counter
        process_cpu_seconds_total %.3f
        # TYPE http_requests_total counter
        http_requests_total{code="200"} %.0f
        http_requests_total{code="500"} %.0f
        """,
        memory * MEMORY_LIMIT_BYTES,
        cpuSeconds,
        Math.floor(answered),
        Math.floor(failed));
  }

  private void count() {
    long now = nanos.getAsLong();
    double seconds = (now - countedAt) / NANOS_PER_SECOND;
    countedAt = now;
    if (paused) {
      return;
    }
    cpuSeconds += seconds * (troubles.contains(Trouble.HIGH_CPU) ? BUSY_CPU : CALM_CPU);
    double failing = troubles.contains(Trouble.HIGH_ERROR) ? FAILING_SHARE : 0;
    answered += seconds * REQUESTS_PER_SECOND * (1 - failing);
    failed += seconds * REQUESTS_PER_SECOND * failing;
  }
}
