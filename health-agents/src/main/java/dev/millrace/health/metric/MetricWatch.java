package dev.millrace.health.metric;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of the metrics of a project.
 *
 * @param badSamples bad samples in a row, by series; only series whose latest sample was bad
 * @param raisedAt when an anomaly was found last, by type
 */
public record MetricWatch(Map<String, Integer> badSamples, Map<String, Instant> raisedAt) {

  /** Series of one project that are told apart at once; beyond, the oldest starts anew. */
  private static final int MAX_SERIES = 256;

  public static final MetricWatch NONE = new MetricWatch(Map.of(), Map.of());

  MetricWatch good(String series) {
    if (!badSamples.containsKey(series)) {
      return this;
    }
    Map<String, Integer> fewer = new LinkedHashMap<>(badSamples);
    fewer.remove(series);
    return new MetricWatch(fewer, raisedAt);
  }

  MetricWatch bad(String series) {
    Map<String, Integer> more = new LinkedHashMap<>(badSamples);
    more.merge(series, 1, (known, one) -> Math.min(known + one, Integer.MAX_VALUE - 1));
    if (more.size() > MAX_SERIES) {
      more.remove(more.keySet().iterator().next());
    }
    return new MetricWatch(more, raisedAt);
  }

  MetricWatch raised(String type, Instant at) {
    Map<String, Instant> more = new LinkedHashMap<>(raisedAt);
    more.put(type, at);
    return new MetricWatch(badSamples, more);
  }
}
