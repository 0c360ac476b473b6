package dev.millrace.worker.journal;

import dev.millrace.runtime.database.PostgresOutage;
import dev.millrace.runtime.failure.Causes;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** Tells a Postgres that is away, or busy, from a statement that is wrong. */
public final class PostgresAway {

  private PostgresAway() {}

  /**
   * Does something in Postgres.
   *
   * @throws JournalUnavailableException if it cannot be reached
   * @throws JdbiException if Postgres refuses the statement, which it would again
   */
  public static <T> T reached(Supplier<T> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      if (PostgresOutage.isPassing(e)) {
        throw new JournalUnavailableException("Postgres: " + Causes.rootMessage(e), e);
      }
      throw e;
    }
  }
}
