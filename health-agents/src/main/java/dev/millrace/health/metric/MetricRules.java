package dev.millrace.health.metric;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which samples are an anomaly.
 *
 * @param thresholds value above which a sample is bad, by metric
 * @param samples bad samples in a row that make an anomaly
 * @param cooldown for how long an anomaly of one type is not found again
 * @param lifetime how old a sample may be when it arrives; an older one is history
 * @param trends which growth is an anomaly before a sample is
 */
public record MetricRules(
    Map<String, Double> thresholds,
    int samples,
    Duration cooldown,
    Duration lifetime,
    TrendRules trends) {

  private static final String VARIABLE = "HEALTH_THRESHOLDS";
  private static final Map<String, String> SYNONYMS =
      Map.of("cpu", "cpu_percent", "memory", "memory_percent", "error_rate", "error_rate_percent");
  private static final Map<String, String> TYPES =
      Map.of(
          "cpu_percent", "high_cpu",
          "memory_percent", "high_memory",
          "error_rate_percent", "high_error");
  private static final Map<String, Double> DEFAULTS =
      Map.of("cpu_percent", 90.0, "memory_percent", 90.0, "error_rate_percent", 5.0);

  public MetricRules {
    thresholds = Map.copyOf(thresholds);
  }

  /** Reads the configuration; metrics it does not name keep their defaults. */
  public static MetricRules from(Environment environment) {
    Map<String, Double> thresholds = new HashMap<>(DEFAULTS);
    environment
        .pairs(VARIABLE, Map.of())
        .forEach((name, value) -> thresholds.put(canonical(name), threshold(name, value)));
    return new MetricRules(
        thresholds,
        environment.integer("HEALTH_ANOMALY_SAMPLES", 1, 1, 100),
        environment.duration("HEALTH_ANOMALY_COOLDOWN", Duration.ofSeconds(60)),
        environment.duration("HEALTH_SAMPLE_LIFETIME", Duration.ofMinutes(5)),
        TrendRules.from(environment));
  }

  private static double threshold(String name, String value) {
    try {
      double threshold = Double.parseDouble(value);
      if (Double.isFinite(threshold)) {
        return threshold;
      }
    } catch (NumberFormatException e) {
      throw notANumber(name, value);
    }
    throw notANumber(name, value);
  }

  private static ConfigurationException notANumber(String name, String value) {
    return new ConfigurationException(
        VARIABLE, "expected a number for " + name + ", found '" + value + "'");
  }

  /** The one name of a metric that has several. */
  static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SYNONYMS.getOrDefault(lower, lower);
  }

  /** Type of the anomaly that this metric shows. */
  static String anomalyType(String metric) {
    return TYPES.getOrDefault(metric, "high_" + metric);
  }
}
