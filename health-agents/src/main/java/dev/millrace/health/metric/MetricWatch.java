package dev.millrace.health.metric;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is known of the metrics of a project.
 *
 * @param badSamples bad samples in a row, by series; only series whose latest sample was bad
 * @param raisedAt when an anomaly was found last, by type
 * @param recent the latest samples, oldest first, by series
 * @param trends where series that have a threshold are going
 */
public record MetricWatch(
    Map<String, Integer> badSamples,
    Map<String, Instant> raisedAt,
    Map<String, List<Sample>> recent,
    Map<String, Trend> trends) {

  /** Series of one project that are told apart at once; beyond, the oldest starts anew. */
  private static final int MAX_SERIES = 256;

  private static final int MAX_RECENT_SERIES = 16;
  private static final int MAX_RECENT_SAMPLES = 5;

  public static final MetricWatch NONE = new MetricWatch(Map.of(), Map.of(), Map.of(), Map.of());

  /**
   * A sample.
   *
   * @param value what was measured
   * @param at when
   */
  public record Sample(double value, Instant at) {}

  public MetricWatch {
    // States that an earlier version stored have none.
    recent = Objects.requireNonNullElse(recent, Map.of());
    trends = Objects.requireNonNullElse(trends, Map.of());
  }

  /** With one sample more; the series that was heard of longest ago makes room for a new one. */
  MetricWatch seeing(String series, Sample sample) {
    Map<String, List<Sample>> more = new LinkedHashMap<>(recent);
    List<Sample> samples =
        new ArrayList<>(Objects.requireNonNullElse(more.remove(series), List.of()));
    samples.add(sample);
    if (samples.size() > MAX_RECENT_SAMPLES) {
      samples.removeFirst();
    }
    more.put(series, List.copyOf(samples));
    if (more.size() > MAX_RECENT_SERIES) {
      more.remove(more.keySet().iterator().next());
    }
    return new MetricWatch(badSamples, raisedAt, more, trends);
  }

  Trend trend(String series) {
    return trends.getOrDefault(series, Trend.NONE);
  }

  /** With what is known now of where a series is going. */
  MetricWatch going(String series, Trend trend) {
    Map<String, Trend> more = new LinkedHashMap<>(trends);
    more.remove(series);
    more.put(series, trend);
    if (more.size() > MAX_RECENT_SERIES) {
      more.remove(more.keySet().iterator().next());
    }
    return new MetricWatch(badSamples, raisedAt, recent, more);
  }

  MetricWatch good(String series) {
    if (!badSamples.containsKey(series)) {
      return this;
    }
    Map<String, Integer> fewer = new LinkedHashMap<>(badSamples);
    fewer.remove(series);
    return new MetricWatch(fewer, raisedAt, recent, trends);
  }

  MetricWatch bad(String series) {
    Map<String, Integer> more = new LinkedHashMap<>(badSamples);
    more.merge(series, 1, (known, one) -> Math.min(known + one, Integer.MAX_VALUE - 1));
    if (more.size() > MAX_SERIES) {
      more.remove(more.keySet().iterator().next());
    }
    return new MetricWatch(more, raisedAt, recent, trends);
  }

  MetricWatch raised(String type, Instant at) {
    Map<String, Instant> more = new LinkedHashMap<>(raisedAt);
    more.put(type, at);
    return new MetricWatch(badSamples, more, recent, trends);
  }
}
