package dev.millrace.embedding.index;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many texts the embedding model gets at once, and how soon after each other. All documents in
 * work share it: when the model limits one, it limits all.
 *
 * <pre>
 * limited     half as many texts at once, twice the gap; nobody asks before the wait it asked for
 * succeeded   one text more at once, up to all; three quarters of the gap, down to none
 * </pre>
 *
 * <p>The same rise and fall as of TCP's congestion window: additive up, multiplicative down.
 */
public final class EmbeddingPace {

  /** Texts at once, at most: between two batches the work can be interrupted. */
  static final int FULL_BATCH = 32;

  private static final Duration FIRST_GAP = Duration.ofMillis(200);
  private static final Duration LONGEST_GAP = Duration.ofSeconds(20);

  /** A gap below this is none. */
  private static final Duration NO_GAP = Duration.ofMillis(20);

  private final LongSupplier nanos;
  private int batchSize = FULL_BATCH;
  private Duration gap = Duration.ZERO;
  private long nextTurn;

  public EmbeddingPace() {
    this(System::nanoTime);
  }

  /**
   * @param nanos the time, in nanoseconds from anywhere
   */
  EmbeddingPace(LongSupplier nanos) {
    this.nanos = nanos;
    this.nextTurn = nanos.getAsLong();
  }

  /** Texts that the model gets at once now. */
  public synchronized int batchSize() {
    return batchSize;
  }

  /** Takes the next turn; returns how long it is until then. */
  synchronized Duration takeTurn() {
    long now = nanos.getAsLong();
    long turn = Math.max(now, nextTurn);
    nextTurn = turn + gap.toNanos();
    return Duration.ofNanos(turn - now);
  }

  /** The model took a batch. */
  synchronized void succeeded() {
    batchSize = Math.min(FULL_BATCH, batchSize + 1);
    Duration shorter = gap.multipliedBy(3).dividedBy(4);
    gap = shorter.compareTo(NO_GAP) < 0 ? Duration.ZERO : shorter;
  }

  /**
   * The model refused a batch because it gets too much.
   *
   * @param wait what it asked for; zero if nothing
   */
  synchronized void limited(Duration wait) {
    batchSize = Math.max(1, batchSize / 2);
    Duration longer = gap.isZero() ? FIRST_GAP : gap.multipliedBy(2);
    gap = longer.compareTo(LONGEST_GAP) > 0 ? LONGEST_GAP : longer;
    nextTurn = Math.max(nextTurn, nanos.getAsLong() + wait.toNanos());
  }
}
