package dev.millrace.learning.signal;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long the signal of each agent counts as fresh.
 *
 * @param windows by agent; every agent has one
 */
public record Freshness(Map<SignalAgent, Duration> windows) {

  private static final String VARIABLE = "LEARNING_FRESHNESS";
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration HALF_DAY = Duration.ofHours(12);

  /** What holds for agents that the configuration does not name. */
  public static final Freshness DEFAULT =
      new Freshness(
          Map.of(
              SignalAgent.CLO, DAY,
              SignalAgent.ALEX, DAY,
              SignalAgent.TA, HALF_DAY,
              SignalAgent.SOCRATIC, DAY));

  /**
   * How long a signal that is no longer fresh may still stand in for a newer one: a learner who
   * studies every day at the same hour meets signals that are a day old and a few minutes.
   */
  private static final Duration GRACE = DAY;

  public Freshness {
    windows = Map.copyOf(windows);
    for (SignalAgent agent : SignalAgent.values()) {
      Duration window = windows.get(agent);
      if (window == null || !window.isPositive()) {
        throw new IllegalArgumentException(
            agent.wireName() + " needs a freshness window longer than nothing");
      }
    }
  }

  /** Reads {@code LEARNING_FRESHNESS}, for example {@code clo=24h,ta=12h}. */
  public static Freshness from(Environment environment) {
    Map<SignalAgent, Duration> windows = new EnumMap<>(DEFAULT.windows());
    Map<String, String> pairs = environment.pairs(VARIABLE, Map.of());
    pairs.forEach((name, value) -> {
      SignalAgent agent =
          SignalAgent.find(name)
              .orElseThrow(() ->
                  new ConfigurationException(
                      VARIABLE,
                      "expected one of " + SignalAgent.names() + ", found '" + name + "'"));
      Duration window = Environment.of(Map.of(VARIABLE, value)).duration(VARIABLE, DAY);
      if (!window.isPositive()) {
        throw new ConfigurationException(VARIABLE, "expected a window longer than 0 for " + name);
      }
      windows.put(agent, window);
    });
    return new Freshness(windows);
  }

  /** When a signal of this agent that was true then stops being fresh. */
  public Instant freshUntil(SignalAgent agent, Instant observedAt) {
    Duration window = windows.get(agent);
    if (window == null) {
      throw new IllegalStateException("no window for " + agent);
    }
    return observedAt.plus(window);
  }

  /** Until when a signal of this agent that was true then makes a plan that is not degraded. */
  public Instant usableUntil(SignalAgent agent, Instant observedAt) {
    return freshUntil(agent, observedAt).plus(GRACE);
  }
}
