package dev.millrace.health.metric;

import dev.millrace.runtime.config.Environment;
import java.time.Duration;

/**
 * Which growth of a metric is told of before it reaches the threshold.
 *
 * @param horizon within which it must be going to; zero when nothing is told
 */
public record TrendRules(Duration horizon) {

  /** Growth of so many points is looked at, a few minutes for a quarter of an hour to come. */
  static final int MAX_POINTS = 12;

  static final int MIN_POINTS = 8;

  /** Points are a 40th of the horizon apart at least, however often samples come. */
  private static final int SPACINGS = 40;

  /** A series that was told of is told of again only after it looked so much better. */
  private static final int CALM_HORIZONS = 2;

  public static TrendRules from(Environment environment) {
    return new TrendRules(environment.duration("HEALTH_TREND_HORIZON", Duration.ofMinutes(15)));
  }

  boolean areOn() {
    return horizon.isPositive();
  }

  Duration spacing() {
    return horizon.dividedBy(SPACINGS);
  }

  /** Beyond which a series counts as calm again. */
  Duration calm() {
    return horizon.multipliedBy(CALM_HORIZONS);
  }
}
