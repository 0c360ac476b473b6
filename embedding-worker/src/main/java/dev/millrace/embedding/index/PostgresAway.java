package dev.millrace.embedding.index;

import dev.millrace.runtime.failure.Causes;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** Tells a Postgres that is away, or busy, from a statement that is wrong. */
public final class PostgresAway {

  private PostgresAway() {}

  /**
   * Does something in Postgres.
   *
   * @throws UnavailableException if it cannot be reached
   */
  public static <T> T reached(Supplier<T> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SQLException sql && isAway(sql)) {
          throw new UnavailableException("Postgres: " + Causes.rootMessage(e), null, e);
        }
      }
      throw e;
    }
  }

  /**
   * SQL states of a lost connection (08), of too little of something (53), of an operator who stops
   * it (57P), of transactions in each other's way (40); a pool without a connection has none.
   */
  private static boolean isAway(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.startsWith("40");
  }
}
