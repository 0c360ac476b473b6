package dev.millrace.worker.journal;

import dev.millrace.runtime.database.PostgresOutage;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** What is done in Postgres for the journal and the ledger. */
public final class JournalDatabase {

  private JournalDatabase() {}

  /**
   * Does something in Postgres.
   *
   * @throws JournalUnavailableException if it cannot be reached
   * @throws JdbiException if Postgres refuses the statement, which it would again
   */
  public static <T> T call(Supplier<T> work) {
    return PostgresOutage.translated(work, JournalUnavailableException::new);
  }
}
