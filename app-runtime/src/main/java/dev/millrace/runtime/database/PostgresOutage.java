package dev.millrace.runtime.database;

import java.sql.SQLException;
import java.util.Set;

/** Tells a Postgres that is away from a statement that is wrong. */
public final class PostgresOutage {

  /**
   * Classes of <a
   * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLSTATE</a> : no
   * connection, too little of something, such as connections, and an operator who stops the server
   * or a statement.
   */
  private static final Set<String> CLASSES = Set.of("08", "53", "57");

  private static final int CLASS_LENGTH = 2;

  private PostgresOutage() {}

  /**
   * Whether one is the cause of a failure. A pool that has no connection to give names no state.
   */
  public static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException e
          && (e.getSQLState() == null
              || CLASSES.contains(
                  e.getSQLState()
                      .substring(0, Math.min(CLASS_LENGTH, e.getSQLState().length()))))) {
        return true;
      }
    }
    return false;
  }
}
