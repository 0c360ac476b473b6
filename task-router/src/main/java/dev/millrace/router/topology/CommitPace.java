package dev.millrace.router.topology;

/**
 * When a thread that hands out work ends its transaction before the commit interval is over,
 * because an agent waits for the work: as soon as the commits that are asked for here leave it half
 * of its time. A commit that takes 5 ms so follows the last one after 10 ms at the earliest; where
 * that is longer than the interval, the interval counts, and one transaction serves many tasks.
 *
 * <p>How long a commit takes is the time until the thread's next step, which is longer when there
 * was nothing to do. The estimate forgets that step by step.
 */
final class CommitPace {

  /** From one commit to the next, in durations of a commit. */
  private static final int SPACING = 2;

  /** The estimate falls by one part in so many from one commit to the next. */
  private static final int FORGETTING = 4;

  private long askedMs = Long.MIN_VALUE / 2;
  private long tookMs;
  private boolean committing;
  private boolean waiting;

  /**
   * A step of the thread.
   *
   * @param nowMs time of the step, in epoch milliseconds
   * @param handedOut whether it handed out work
   * @return whether to ask for a commit now
   */
  boolean step(long nowMs, boolean handedOut) {
    if (committing) {
      committing = false;
      tookMs = Math.max(nowMs - askedMs, tookMs - tookMs / FORGETTING);
    }
    waiting |= handedOut;
    if (!waiting || nowMs - askedMs < SPACING * tookMs) {
      return false;
    }
    waiting = false;
    committing = true;
    askedMs = nowMs;
    return true;
  }
}
