package dev.millrace.knowledge.search;

import dev.millrace.runtime.database.DatabaseConfig;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;

/**
 * Lets a few searches at a time ask Postgres; the next wait for their turn in the order in which
 * they came, which a pool of connections does not promise. More at a time make none of them
 * quicker, and connections stay free for what else an app does.
 */
final class Turns {

  /** Half of the connections of an app. */
  private static final int AT_ONCE = DatabaseConfig.DEFAULT_POOL_SIZE / 2;

  /** As long as for a connection. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  /**
   * What the search finds, when it is its turn.
   *
   * @throws ConnectionException if no turn comes for a while, as from a pool that has no connection
   *     to give
   */
  <T> T take(Supplier<T> search) {
    await();
    try {
      return search.get();
    } finally {
      turns.release();
    }
  }

  private void await() {
    try {
      if (!turns.tryAcquire(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw none("no search ended within %d s".formatted(MAX_WAIT.toSeconds()));
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
