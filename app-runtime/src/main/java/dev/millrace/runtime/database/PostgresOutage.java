package dev.millrace.runtime.database;

import dev.millrace.runtime.failure.Causes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** Tells a Postgres that is away, or busy, from a statement that is wrong. */
public final class PostgresOutage {

  /**
   * Classes of <a
   * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">SQLSTATE</a>: no
   * connection, a transaction that was ended, such as one of two in a deadlock, too little of
   * something, such as connections, and an operator who stops the server or a statement.
   */
  private static final Set<String> CLASSES = Set.of("08", "40", "53", "57");

  private PostgresOutage() {}

  /** What is done in Postgres, as often as it takes. */
  @FunctionalInterface
  public interface Attempt<T> {
    T make() throws InterruptedException;
  }

  /**
   * Whether what failed may succeed later, without a change. A pool that has no connection to give
   * names no state.
   */
  public static boolean isPassing(Throwable failure) {
    return Causes.of(failure).anyMatch(cause -> cause instanceof SQLException e && isPassing(e));
  }

  private static boolean isPassing(SQLException failure) {
    String state = failure.getSQLState();
    return state == null || CLASSES.stream().anyMatch(state::startsWith);
  }

  /**
   * Does something in Postgres.
   *
   * @param unavailable makes the exception for a failure that passes, of what is said and its cause
   * @throws JdbiException if Postgres refuses the statement, which it would again
   */
  public static <T> T translated(
      Supplier<T> work, BiFunction<String, Throwable, ? extends RuntimeException> unavailable) {
    try {
      return work.get();
    } catch (JdbiException e) {
      throw isPassing(e) ? unavailable.apply("Postgres: " + Causes.rootMessage(e), e) : e;
    }
  }

  /**
   * Does something in Postgres, again and again until nothing stands in its way.
   *
   * @param interval between two attempts
   * @param waiting told what stands in the way
   * @throws JdbiException if Postgres refuses the statement, which it would again
   */
  public static <T> T waitedOut(Duration interval, Consumer<String> waiting, Attempt<T> work)
      throws InterruptedException {
    while (true) {
      try {
        return work.make();
      } catch (JdbiException e) {
        if (!isPassing(e)) {
          throw e;
        }
        waiting.accept(Causes.rootMessage(e));
        Thread.sleep(interval);
      }
    }
  }
}
