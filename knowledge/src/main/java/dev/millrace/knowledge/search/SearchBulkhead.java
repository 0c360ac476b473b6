package dev.millrace.knowledge.search;

import dev.millrace.runtime.database.Database;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;

/**
 * Lets a few searches at a time ask Postgres; the next wait for their turn in the order in which
 * they came, which a pool of connections does not promise. More at a time make none of them
 * quicker, and connections stay free for what else an app does.
 */
final class SearchBulkhead {

  private final Semaphore permits;

  /**
   * @param connections of the app; half of them are for searches
   */
  SearchBulkhead(int connections) {
    this.permits = new Semaphore(Math.max(1, connections / 2), true);
  }

  /**
   * What the search finds, when it is its turn.
   *
   * @throws ConnectionException if no turn comes within the time that a caller waits for a
   *     connection, as from a pool that has none to give
   */
  <T> T execute(Supplier<T> search) {
    await();
    try {
      return search.get();
    } finally {
      permits.release();
    }
  }

  private void await() {
    try {
      if (!permits.tryAcquire(Database.CONNECTION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw none(
            "no search ended within %d s".formatted(Database.CONNECTION_TIMEOUT.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw none("interrupted while other searches ran");
    }
  }

  private static ConnectionException none(String reason) {
    return new ConnectionException(new SQLTransientConnectionException(reason));
  }
}
