package dev.millrace.embedding.index;

import dev.millrace.runtime.database.PostgresOutage;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** What is done in Postgres for the index. */
public final class IndexDatabase {

  private IndexDatabase() {}

  /**
   * Does something in Postgres.
   *
   * @throws UnavailableException if it cannot be reached
   * @throws JdbiException if Postgres refuses the statement, which it would again
   */
  public static <T> T call(Supplier<T> work) {
    return PostgresOutage.translated(
        work, (reason, cause) -> new UnavailableException(reason, null, cause));
  }
}
