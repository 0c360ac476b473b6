package dev.millrace.standalone.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much memory the embedded PostgreSQL counts on. The audit database has indexes of identities
 * that come in no order: once they no longer fit into its buffers, every row costs reads and writes
 * of pages (a day's table of 7,000,000 rows has 1.4 GB of them).
 *
 * @param sharedBuffers bytes it keeps pages in; memory is taken as they fill
 */
record PostgresMemory(long sharedBuffers) {

  /** A vector index of 100,000 chunks has 117 MB. */
  private static final long LEAST_BUFFERS = 256L << 20;

  private static final long MOST_BUFFERS = 2L << 30;

  /** PostgreSQL's manual suggests a quarter on a machine of its own; here it shares it. */
  private static final int SHARE = 8;

  /** Of this machine, or of the container that this runs in. */
  static PostgresMemory ofThisMachine() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? of(system.getTotalMemorySize())
        : of(0);
  }

  static PostgresMemory of(long totalBytes) {
    return new PostgresMemory(Math.clamp(totalBytes / SHARE, LEAST_BUFFERS, MOST_BUFFERS));
  }

  /** Bytes of pages that are in memory somewhere, as the planner assumes. */
  long effectiveCache() {
    return 2 * sharedBuffers;
  }

  static String megabytes(long bytes) {
    return (bytes >> 20) + "MB";
  }
}
