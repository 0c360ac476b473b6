package dev.millrace.embedding.index;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what fails because something is away, with growing pauses, or after the time that it
 * asks to wait; gives up when the pauses of either kind exceed their limit. The work keeps its lock
 * meanwhile, and what was done before is not done again.
 */
public final class Retryer {

  private static final Logger log = LoggerFactory.getLogger(Retryer.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LONGEST_ASKED_PAUSE = Duration.ofMinutes(5);

  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  private final Duration limit;
  private final Duration askedLimit;
  private final Pause pause;

  /**
   * @param limit of all pauses together while something does not answer
   * @param askedLimit of all pauses together that something asks for
   */
  public Retryer(Duration limit, Duration askedLimit, Pause pause) {
    this.limit = limit;
    this.askedLimit = askedLimit;
    this.pause = pause;
  }

  /** Waits, which is nobody's fault and uses up none of the limits. */
  void pause(Duration time) throws InterruptedException {
    if (!time.isZero()) {
      pause.sleep(time);
    }
  }

  /**
   * Does a step of the work.
   *
   * @throws UnavailableException if what it needs stays away
   */
  public <T> T call(Supplier<T> step) throws InterruptedException {
    Duration waited = Duration.ZERO;
    Duration waitedAsAsked = Duration.ZERO;
    Duration backoff = FIRST_PAUSE;
    while (true) {
      try {
        return step.get();
      } catch (UnavailableException e) {
        boolean asked = e.retryAfter().isPresent();
        Duration next = shorter(e.retryAfter().orElse(backoff), LONGEST_ASKED_PAUSE);
        waited = asked ? waited : waited.plus(next);
        waitedAsAsked = asked ? waitedAsAsked.plus(next) : waitedAsAsked;
        if (waited.compareTo(limit) > 0 || waitedAsAsked.compareTo(askedLimit) > 0) {
          throw e;
        }
        log.atWarn()
            .addKeyValue("reason", e.getMessage())
            .addKeyValue("pauseMs", next.toMillis())
            .log("waiting to go on with a document");
        pause.sleep(next);
        backoff = asked ? backoff : shorter(backoff.multipliedBy(2), LONGEST_PAUSE);
      }
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
