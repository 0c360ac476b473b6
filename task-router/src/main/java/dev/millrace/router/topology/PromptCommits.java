package dev.millrace.router.topology;

import org.apache.kafka.streams.processor.api.ProcessingContext;

/**
 * Ends a transaction that hands out work at once, because an agent waits for it, instead of at the
 * end of the commit interval. Under load, when work is handed out in close succession, the interval
 * counts: a transaction then has many tasks, which is what makes them cheap.
 */
final class PromptCommits {

  /** Work that follows sooner shares the transaction of what comes after it. */
  private static final long PAUSE_MS = 5;

  /** A stream thread has one transaction for all its queues. */
  private final ThreadLocal<Long> lastHandedOutMs = ThreadLocal.withInitial(() -> 0L);

  /** Work was handed out: asks for the commit, if it is the first after a pause. */
  void handedOut(ProcessingContext context) {
    long now = context.currentSystemTimeMs();
    boolean afterPause = now - lastHandedOutMs.get() >= PAUSE_MS;
    lastHandedOutMs.set(now);
    if (afterPause) {
      context.commit();
    }
  }
}
