package dev.millrace.health.metric;

import dev.millrace.health.metric.MetricWatch.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a series is going. Its line is that of Theil and Sen, the median of the slopes between all
 * pairs of points (P. K. Sen, <i>Estimates of the Regression Coefficient Based on Kendall's
 * Tau</i>, Journal of the American Statistical Association 63, 1968): a single wild sample does not
 * bend it, as it would bend least squares. It counts as growth only if nearly all pairs rise, which
 * is the test of Mann and Kendall.
 *
 * @param points samples, oldest first, some time apart
 * @param told whether it was said that it is going to reach its threshold
 */
public record Trend(List<Sample> points, boolean told) {

  static final Trend NONE = new Trend(List.of(), false);

  /** Share of rising pairs; among 8 points chance alone gets there in 3 of 100 series. */
  private static final double RISING_SHARE = 0.8;

  private static final double MILLIS_PER_MINUTE = 60_000.0;
  private static final double HALF = 0.5;

  public Trend {
    points = List.copyOf(points);
  }

  /**
   * Growth towards a threshold.
   *
   * @param perMinute how much the value grows in a minute
   * @param reachedIn when it is at the threshold, if it goes on
   */
  record Forecast(double perMinute, Duration reachedIn) {}

  /** With one sample more, unless it comes too soon after the last. */
  Trend seeing(Sample sample, TrendRules rules) {
    if (!points.isEmpty() && sample.at().isBefore(points.getLast().at().plus(rules.spacing()))) {
      return this;
    }
    Instant oldest = sample.at().minus(rules.horizon());
    List<Sample> more = new ArrayList<>(points);
    more.removeIf(point -> point.at().isBefore(oldest));
    more.add(sample);
    return new Trend(
        more.size() <= TrendRules.MAX_POINTS ? more : more.subList(1, more.size()), told);
  }

  Trend telling(boolean nowTold) {
    return new Trend(points, nowTold);
  }

  /** When the series is at a threshold that it is below; nothing if it does not grow. */
  Optional<Forecast> towards(double threshold) {
    if (points.size() < TrendRules.MIN_POINTS) {
      return Optional.empty();
    }
    List<Double> slopes = slopes();
    long rising = slopes.stream().filter(slope -> slope > 0).count();
    double slope = median(slopes);
    if (rising < RISING_SHARE * slopes.size() || slope <= 0) {
      return Optional.empty();
    }
    double minutes = (threshold - level(slope)) / slope;
    return Double.isFinite(minutes)
        ? Optional.of(
            new Forecast(slope, Duration.ofMillis((long) Math.max(0, minutes * MILLIS_PER_MINUTE))))
        : Optional.empty();
  }

  private List<Double> slopes() {
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      for (int j = i + 1; j < points.size(); j++) {
        slopes.add(
            (points.get(j).value() - points.get(i).value())
                / minutes(points.get(i).at(), points.get(j).at()));
      }
    }
    return slopes;
  }

  /** Where the line is at the last point. */
  private double level(double slope) {
    Instant last = points.getLast().at();
    return median(
        points.stream().map(point -> point.value() + slope * minutes(point.at(), last)).toList());
  }

  private static double minutes(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / MILLIS_PER_MINUTE;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : HALF * (sorted.get(middle - 1) + sorted.get(middle));
  }
}
