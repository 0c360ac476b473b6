package dev.millrace.runtime.database;

import dev.millrace.runtime.failure.Causes;
import java.sql.SQLException;
import java.util.Set;

/** Tells a Postgres that is away from a statement that is wrong. */
public final class PostgresOutage {

  /**
   * Classes of <a
   * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLSTATE</a>: no
   * connection, too little of something, such as connections, and an operator who stops the server
   * or a statement.
   */
  private static final Set<String> CLASSES = Set.of("08", "53", "57");

  /** Class of transactions that Postgres ended, such as one of two in a deadlock. */
  private static final String ROLLED_BACK = "40";

  private PostgresOutage() {}

  /**
   * Whether one is the cause of a failure. A pool that has no connection to give names no state.
   */
  public static boolean isCauseOf(Throwable failure) {
    return Causes.of(failure).anyMatch(cause -> cause instanceof SQLException e && isOutage(e));
  }

  /** Whether what failed may succeed later: an outage, or transactions in each other's way. */
  public static boolean isPassing(Throwable failure) {
    return isCauseOf(failure)
        || Causes.of(failure).anyMatch(cause -> cause instanceof SQLException e && isRolledBack(e));
  }

  private static boolean isRolledBack(SQLException failure) {
    return failure.getSQLState() != null && failure.getSQLState().startsWith(ROLLED_BACK);
  }

  private static boolean isOutage(SQLException failure) {
    String state = failure.getSQLState();
    return state == null || CLASSES.stream().anyMatch(state::startsWith);
  }
}
