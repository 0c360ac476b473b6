package dev.millrace.router.circuit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Circuit breaker of a provider.
 *
 * <pre>
 *               so many failures in a row,
 *               or one with Retry-After            its time is up
 *     CLOSED ----------------------------> OPEN ------------------> HALF_OPEN
 *       ^                                   ^                        |     |
 *       |                                   +--- the probe failed ---+     |
 *       +------------------------ the probe succeeded ---------------------+
 * </pre>
 *
 * Closed, each failure in a row halves the runs that may be under way at once; half-open, one run
 * is the probe.
 *
 * @param state where it stands
 * @param failures failures in a row so far
 * @param reopened how often a probe failed since it was closed last
 * @param until when it is tried again, while open
 * @param probe the run that tries, while half-open
 * @param reason why it was opened
 * @param changedAt when its state changed last
 */
public record Circuit(
    State state,
    int failures,
    int reopened,
    @Nullable Instant until,
    @Nullable String probe,
    @Nullable String reason,
    Instant changedAt) {

  /** Where a circuit stands. */
  public enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /** Of a provider that was never heard of. */
  public static final Circuit NEW =
      new Circuit(State.CLOSED, 0, 0, null, null, null, Instant.EPOCH);

  /** Closed by somebody else. */
  public static Circuit closed(Instant at) {
    return new Circuit(State.CLOSED, 0, 0, null, null, null, at);
  }

  /** Opened by somebody else. */
  public static Circuit open(int reopened, Instant until, @Nullable String reason, Instant at) {
    return new Circuit(State.OPEN, 0, reopened, until, null, reason, at);
  }

  /** A run ended because of the provider. */
  public Circuit failed(
      CircuitRules rules, String why, @Nullable Duration retryAfter, Instant now) {
    if (!rules.areOn()) {
      return this;
    }
    boolean asksToWait = retryAfter != null && retryAfter.isPositive();
    return switch (state) {
      case CLOSED ->
          asksToWait || failures + 1 >= rules.failures()
              ? opened(0, end(rules, 0, retryAfter, now), why, now)
              : new Circuit(state, failures + 1, 0, null, null, null, changedAt);
      case HALF_OPEN -> opened(reopened + 1, end(rules, reopened + 1, retryAfter, now), why, now);
      case OPEN -> {
        Instant asked = asksToWait ? end(rules, 0, retryAfter, now) : now;
        yield until != null && asked.isAfter(until) ? opened(reopened, asked, why, now) : this;
      }
    };
  }

  private static Instant end(
      CircuitRules rules, int reopened, @Nullable Duration retryAfter, Instant now) {
    if (retryAfter == null || !retryAfter.isPositive()) {
      return now.plus(rules.openFor(reopened));
    }
    boolean tooLong = retryAfter.compareTo(CircuitRules.MAX_RETRY_AFTER) > 0;
    return now.plus(tooLong ? CircuitRules.MAX_RETRY_AFTER : retryAfter);
  }

  private Circuit opened(int times, Instant end, String why, Instant now) {
    return new Circuit(State.OPEN, failures + 1, times, end, null, why, now);
  }

  /** The provider did what it was asked for. What it did before it failed proves nothing. */
  public Circuit succeeded(String run, Instant now) {
    return switch (state) {
      case CLOSED -> failures == 0 ? this : new Circuit(state, 0, 0, null, null, null, changedAt);
      case HALF_OPEN -> run.equals(probe) ? closed(now) : this;
      case OPEN -> this;
    };
  }

  /** As it is now: an open one may be tried again when its time is up. */
  public Circuit at(Instant now) {
    return state == State.OPEN && until != null && !until.isAfter(now)
        ? new Circuit(State.HALF_OPEN, failures, reopened, null, null, reason, now)
        : this;
  }

  /** Whether one more run may begin, where so many are under way and so many may be. */
  public boolean admits(int running, int limit) {
    return switch (state) {
      case CLOSED -> running < Math.max(1, limit >> Math.min(failures, Integer.SIZE - 1));
      case HALF_OPEN -> probe == null;
      case OPEN -> false;
    };
  }

  /** A run began: it is the probe, if one is wanted. */
  public Circuit began(String run) {
    return state == State.HALF_OPEN && probe == null
        ? new Circuit(state, failures, reopened, null, run, reason, changedAt)
        : this;
  }

  /** A run ended without saying anything about the provider: another is the probe. */
  public Circuit released(String run) {
    return run.equals(probe)
        ? new Circuit(state, failures, reopened, null, null, reason, changedAt)
        : this;
  }

  /** Whoever waited for the probe asks another provider now: another run is the probe. */
  public Circuit withoutProbe() {
    return probe == null
        ? this
        : new Circuit(state, failures, reopened, null, null, reason, changedAt);
  }

  /** This circuit, or what another router says of it if that is newer. */
  public Circuit newerOf(Circuit reported) {
    return reported.changedAt.isAfter(changedAt) ? reported : this;
  }
}
