package dev.millrace.schemas.serde;

import java.time.Duration;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long one call goes on asking a registry that is away. It says once that it waits. */
final class RegistryRetry {

  private static final Logger log = LoggerFactory.getLogger(RegistryRetry.class);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(500);

  private final String purpose;
  private final long deadline;
  private boolean waiting;

  /**
   * @param purpose what the call is to do, for the log
   */
  RegistryRetry(String purpose, Duration limit) {
    this.purpose = purpose;
    this.deadline = System.nanoTime() + limit.toNanos();
  }

  /** Waits before the next try; returns false at once when there is to be none. */
  boolean waitForNextTry(String reason) {
    if (System.nanoTime() + RETRY_INTERVAL.toNanos() > deadline) {
      return false;
    }
    if (!waiting) {
      waiting = true;
      log.atWarn()
          .addKeyValue("purpose", purpose)
          .addKeyValue("reason", reason)
          .log("waiting for the schema registry");
    }
    try {
      Thread.sleep(RETRY_INTERVAL);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    return true;
  }
}
