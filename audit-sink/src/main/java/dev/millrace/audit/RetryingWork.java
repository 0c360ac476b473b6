package dev.millrace.audit;

import dev.millrace.runtime.database.PostgresOutage;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that waits while Postgres is away. Who gave a command was told that it is on record, so it
 * is carried out however long that takes; given back, it would be a dead letter after some seconds.
 */
final class RetryingWork<T> implements Work<T> {

  private static final Logger log = LoggerFactory.getLogger(RetryingWork.class);

  private final Work<T> work;
  private final Duration retryInterval;

  RetryingWork(Work<T> work, Duration retryInterval) {
    this.work = work;
    this.retryInterval = retryInterval;
  }

  @Override
  public void process(Delivery<T> delivery) throws InterruptedException {
    boolean _ =
        PostgresOutage.waitedOut(
            retryInterval,
            reason ->
                log.atWarn()
                    .addKeyValue("topic", delivery.topic())
                    .addKeyValue("key", delivery.key())
                    .addKeyValue("reason", reason)
                    .log("a command waits for Postgres"),
            () -> {
              work.process(delivery);
              return true;
            });
  }
}
