package dev.millrace.runtime.metric;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The samples of a project that belong together: those of one metric with the same labels. Hundreds
 * of series are kept in one state, so each has a bounded name; the gateway refuses what the
 * analyzer could not keep.
 */
public final class MetricSeries {

  public static final int MAX_LABELS = 16;
  public static final int MAX_BYTES = 2 << 10;

  private MetricSeries() {}

  /** The name of a series: the same whatever the order of the labels. */
  public static String of(String metric, Map<String, String> labels) {
    return metric + new TreeMap<>(labels);
  }

  /** Why samples with these labels are not taken, if they are not. */
  public static Optional<String> refusalOf(String metric, Map<String, String> labels) {
    if (labels.size() > MAX_LABELS) {
      return Optional.of("expected at most %d, found %d".formatted(MAX_LABELS, labels.size()));
    }
    int bytes = of(metric, labels).getBytes(StandardCharsets.UTF_8).length;
    return bytes > MAX_BYTES
        ? Optional.of(
            "expected at most %d bytes with the name of the metric, found %d"
                .formatted(MAX_BYTES, bytes))
        : Optional.empty();
  }
}
