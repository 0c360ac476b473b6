package dev.millrace.gateway.read;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What happened a moment ago and may not be in the read models yet. */
public final class Mirrored {

  /** Until then the mirror has what was acknowledged, unless it is behind. */
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(100);

  private Mirrored() {}

  /** Reads until there is something, at least once, and again for as long as it may be waited. */
  public static <T> Optional<T> within(Duration timeout, Supplier<Optional<T>> read)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<T> found = read.get();
    while (found.isEmpty() && System.nanoTime() - deadline < 0) {
      Thread.sleep(POLL);
      found = read.get();
    }
    return found;
  }
}
