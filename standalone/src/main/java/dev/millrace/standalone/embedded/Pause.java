package dev.millrace.standalone.embedded;

import java.time.Duration;

/** The pause between two looks at something that has no way to say that it is ready. */
final class Pause {
  private Pause() {}

  /**
   * Waits that long.
   *
   * @throws StackException when the thread is interrupted, which stays marked
   */
  static void of(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while the stack was starting", e);
    }
  }
}
