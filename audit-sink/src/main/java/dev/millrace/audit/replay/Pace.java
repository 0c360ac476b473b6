package dev.millrace.audit.replay;

import java.time.Duration;

/** Keeps a replay at its rate. */
final class Pace {

  private static final int BATCHES_A_SECOND = 4;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int recordsPerSecond;
  private final long startNanos;
  private long written;

  /**
   * @param recordsPerSecond the rate, or 0 for none
   */
  Pace(int recordsPerSecond, long startNanos) {
    this.recordsPerSecond = recordsPerSecond;
    this.startNanos = startNanos;
  }

  /** How many records may be written at once, so that the rate holds within a second too. */
  int batch(int most) {
    return recordsPerSecond == 0 ? most : Math.clamp(recordsPerSecond / BATCHES_A_SECOND, 1, most);
  }

  /** How long to wait after records were written. */
  Duration after(long records, long nowNanos) {
    written += records;
    if (recordsPerSecond == 0) {
      return Duration.ZERO;
    }
    long due = startNanos + written * NANOS_PER_SECOND / recordsPerSecond;
    return Duration.ofNanos(Math.max(0, due - nowNanos));
  }
}
