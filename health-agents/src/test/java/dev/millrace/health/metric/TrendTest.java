package dev.millrace.health.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.health.metric.MetricWatch.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static final Instant START = Instant.parse("2026-01-19T15:00:00Z");
  private static final TrendRules RULES = new TrendRules(Duration.ofMinutes(15));

  @Test
  void steadyGrowthIsForetoldToTheMinute() {
    // given
    Trend trend = after(10, minute -> 50 + 2.0 * minute);

    // when
    Trend.Forecast forecast = trend.towards(90).orElseThrow();

    // then: at 68 after nine minutes, by 2 a minute
    assertThat(forecast.perMinute()).isCloseTo(2, within(1e-9));
    assertThat(forecast.reachedIn()).isEqualTo(Duration.ofMinutes(11));
  }

  @Test
  void oneWildSampleDoesNotBendTheLine() {
    // given
    Trend trend = after(10, minute -> minute == 4 ? 5 : 50 + 2.0 * minute);

    // when
    Trend.Forecast forecast = trend.towards(90).orElseThrow();

    // then
    assertThat(forecast.reachedIn()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
  }

  @Test
  void whatGoesUpAndDownGoesNowhere() {
    // given
    Trend sawtooth = after(12, minute -> 50 + 10.0 * (minute % 4));
    Trend falling = after(12, minute -> 80 - minute);
    Trend level = after(12, _ -> 89.9);

    // when, then
    assertThat(sawtooth.towards(90)).isEmpty();
    assertThat(falling.towards(90)).isEmpty();
    assertThat(level.towards(90)).isEmpty();
  }

  @Test
  void aFewPointsAreNoTrend() {
    assertThat(after(TrendRules.MIN_POINTS - 1, minute -> 50 + 5.0 * minute).towards(90)).isEmpty();
  }

  @Test
  void pointsAreSomeTimeApartHoweverOftenSamplesCome() {
    // given
    Trend trend = Trend.NONE;

    // when
    for (int second = 0; second < 600; second++) {
      trend = trend.seeing(new Sample(second, START.plusSeconds(second)), RULES);
    }

    // then
    assertThat(trend.points()).hasSize(TrendRules.MAX_POINTS);
    assertThat(trend.points().get(1).at())
        .isAfterOrEqualTo(trend.points().getFirst().at().plus(RULES.spacing()));
  }

  /** A series with a sample in every minute. */
  private static Trend after(int minutes, IntToDoubleFunction value) {
    Trend trend = Trend.NONE;
    for (int minute = 0; minute < minutes; minute++) {
      trend =
          trend.seeing(
              new Sample(value.applyAsDouble(minute), START.plus(Duration.ofMinutes(minute))),
              RULES);
    }
    return trend;
  }
}
