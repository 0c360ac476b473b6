package dev.millrace.standalone.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Waits for what a pipeline does in its own time. */
final class Eventually {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  private Eventually() {}

  /** Looks until there is something. */
  interface Look<T> {
    Optional<T> look() throws InterruptedException;
  }

  /**
   * What a look finds, within a time.
   *
   * @param expected what is looked for, in words
   * @throws StepFailedException if it is not found
   */
  static <T> T find(String expected, Duration timeout, Look<T> look) throws InterruptedException {
    Instant deadline = Instant.now().plus(timeout);
    while (true) {
      Optional<T> found = look.look();
      if (found.isPresent()) {
        return found.get();
      }
      if (Instant.now().isAfter(deadline)) {
        throw new StepFailedException(
            "expected %s within %d s".formatted(expected, timeout.toSeconds()));
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }
}
