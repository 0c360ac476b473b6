package dev.millrace.audit.partition;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions of {@code audit.records}: some days ahead, and for days of the past when
 * records of them arrive. A record whose day has none, because it claims to be from another age or
 * because the partition cannot be made now, goes to the default partition: nothing waits for a
 * partition. Safe for use by several threads and several sinks.
 */
public final class DailyPartitions {

  private static final Logger log = LoggerFactory.getLogger(DailyPartitions.class);

  /** Oldest day that gets a partition: bounds how many tables strange timestamps can make. */
  private static final int MAX_DAYS_BACK = 400;

  /** A reader of the default partition must not hold up the mirror for longer than this. */
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(500);

  private static final Duration RETRY_INTERVAL = Duration.ofMinutes(10);

  /** Retention drops partitions: whether one is there is looked up again after this time. */
  private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

  /** Lock that sinks take in turn while they make partitions; any number of ours. */
  private static final long ADVISORY_LOCK = 0x6d696c6c72616365L;

  private final DataSource dataSource;
  private final int daysAhead;
  private final Retention retention;
  private final Clock clock;
  private final Map<LocalDate, Instant> presentUntil = new ConcurrentHashMap<>();
  private final Map<LocalDate, Instant> retryAt = new ConcurrentHashMap<>();

  /**
   * @param daysAhead days after today that get partitions ahead
   * @param retention decides which topics get parts of their own
   */
  public DailyPartitions(DataSource dataSource, int daysAhead, Retention retention, Clock clock) {
    this.dataSource = dataSource;
    this.daysAhead = daysAhead;
    this.retention = retention;
    this.clock = clock;
  }

  /** Makes those of today and the days ahead. */
  public void ensureAhead() throws SQLException {
    LocalDate today = today();
    for (LocalDate day = today; !day.isAfter(today.plusDays(daysAhead)); day = day.plusDays(1)) {
      ensure(day);
    }
  }

  /** Makes the one that a record of this time belongs to, if it should have one. */
  public void ensure(Instant timestamp) throws SQLException {
    ensure(DailyPartition.dayOf(timestamp));
  }

  private void ensure(LocalDate day) throws SQLException {
    if (isPresent(day) || !isWanted(day) || isPostponed(day)) {
      return;
    }
    DailyPartition partition = new DailyPartition(day);
    try (Connection connection = dataSource.getConnection()) {
      create(connection, partition);
      presentUntil.put(day, clock.instant().plus(REMEMBERED_FOR));
      retryAt.remove(day);
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      retryAt.put(day, clock.instant().plus(RETRY_INTERVAL));
      log.atWarn()
          .addKeyValue("day", day)
          .addKeyValue("reason", e.getMessage())
          .log("records of this day go to the default partition for now");
    }
  }

  /**
   * Makes the one of a day, however long ago it was.
   *
   * @throws SQLException also when it cannot be made now
   */
  public void makeFor(LocalDate day) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      create(connection, new DailyPartition(day));
    }
  }

  private boolean isPresent(LocalDate day) {
    Instant until = presentUntil.get(day);
    return until != null && clock.instant().isBefore(until);
  }

  private boolean isWanted(LocalDate day) {
    LocalDate today = today();
    return !day.isBefore(today.minusDays(MAX_DAYS_BACK)) && !day.isAfter(today.plusDays(daysAhead));
  }

  private boolean isPostponed(LocalDate day) {
    Instant next = retryAt.get(day);
    return next != null && clock.instant().isBefore(next);
  }

  private LocalDate today() {
    return DailyPartition.dayOf(clock.instant());
  }

  /** Whether it cannot be made now: a reader holds the lock, or the default has rows of the day. */
  private static boolean isRefusal(SQLException e) {
    return "55P03".equals(e.getSQLState()) || "23514".equals(e.getSQLState());
  }

  private void create(Connection connection, DailyPartition partition) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + LOCK_TIMEOUT.toMillis());
      statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
      if (!exists(statement, partition)) {
        for (String create : partition.createSql(retention)) {
          statement.execute(create);
        }
        statement.execute(partition.commentSql());
        statement.execute(partition.attachSql());
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static boolean exists(Statement statement, DailyPartition partition) throws SQLException {
    try (ResultSet found =
        statement.executeQuery(
            "SELECT to_regclass('audit." + partition.table() + "') IS NOT NULL")) {
      return found.next() && found.getBoolean(1);
    }
  }
}
