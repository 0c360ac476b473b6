package dev.millrace.audit.replay;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a replay while it runs, however long a query takes, and has its source stop reading once
 * the replay was cancelled or is another sink's. It looks each second, until it is closed.
 */
final class LeaseWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LeaseWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ReplayStore store;
  private final String id;
  private final RecordSource source;
  private final CountDownLatch end = new CountDownLatch(1);

  private LeaseWatch(ReplayStore store, String id, RecordSource source) {
    this.store = store;
    this.id = id;
    this.source = source;
  }

  /** Begins to watch. */
  static LeaseWatch over(ReplayStore store, String id, RecordSource source) {
    LeaseWatch watch = new LeaseWatch(store, id, source);
    Thread.ofVirtual().name("lease-of-replay-" + id).start(watch::look);
    return watch;
  }

  private void look() {
    try {
      while (!end.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        // Again each time: a statement that is about to run cannot be cancelled yet.
        if (!isHeld()) {
          source.cancel();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isHeld() {
    try {
      return store.renew(id);
    } catch (JdbiException e) {
      log.atDebug().addKeyValue("replay", id).setCause(e).log("cannot look after the lease now");
      return true;
    }
  }

  @Override
  public void close() {
    end.countDown();
  }
}
