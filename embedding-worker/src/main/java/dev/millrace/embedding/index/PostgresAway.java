package dev.millrace.embedding.index;

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
   * @throws UnavailableException if it cannot be reached
   */
  public static <T> T reached(Supplier<T> work) {
    try {
      return work.get();
    } catch (JdbiException e) {
      if (PostgresOutage.isPassing(e)) {
        throw new UnavailableException("Postgres: " + Causes.rootMessage(e), null, e);
      }
      throw e;
    }
  }
}
