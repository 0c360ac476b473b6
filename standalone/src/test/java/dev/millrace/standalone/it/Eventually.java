package dev.millrace.standalone.it;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what the pipeline does in its own time; a loaded machine takes longer. */
final class Eventually {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private Eventually() {}

  static ConditionFactory eventually() {
    return Awaitility.await().atMost(TIMEOUT).pollInterval(POLL_INTERVAL).ignoreExceptions();
  }
}
