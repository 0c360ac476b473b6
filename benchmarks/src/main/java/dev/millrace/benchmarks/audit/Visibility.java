package dev.millrace.benchmarks.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * From the moment a record is given to the producer to the moment a query of another session sees
 * its row, within the interval of that query.
 */
final class Visibility implements Callable<Histogram> {

  private static final Duration POLL = Duration.ofMillis(2);
  private static final long MAX_MICROS = 60_000_000;
  private static final Duration SETTLE = Duration.ofSeconds(30);

  /** What is committed up to here is visible: offsets and rows are in one transaction. */
  private static final String NEXT =
      "SELECT next_offset FROM audit.offsets WHERE topic = ? AND partition = 0";

  private final Connection connection;
  private final String topic;
  private final long[] sentNanos;
  private final int warmUp;

  /**
   * @param sentNanos when each record was sent, by its offset
   * @param warmUp records at the beginning that do not count
   */
  Visibility(Connection connection, String topic, long[] sentNanos, int warmUp) {
    this.connection = connection;
    this.topic = topic;
    this.sentNanos = sentNanos;
    this.warmUp = warmUp;
  }

  @Override
  public Histogram call() throws SQLException {
    Histogram micros = new Histogram(MAX_MICROS, 3);
    long seen = 0;
    long progress = System.nanoTime();
    try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
      statement.setString(1, topic);
      while (seen < sentNanos.length) {
        long next = next(statement);
        long now = System.nanoTime();
        for (; seen < next; seen++) {
          progress = now;
          if (seen >= warmUp) {
            micros.recordValue(Math.min(MAX_MICROS, (now - sentNanos[(int) seen]) / 1_000));
          }
        }
        if (now - progress > SETTLE.toNanos()) {
          throw new IllegalStateException(
              "%d of %d rows were visible, and no more for %s"
                  .formatted(seen, sentNanos.length, SETTLE));
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
    return micros;
  }

  private static long next(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
