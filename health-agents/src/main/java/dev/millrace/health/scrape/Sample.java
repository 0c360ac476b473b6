package dev.millrace.health.scrape;

import dev.millrace.schemas.health.HealthMetric;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sample of a metric.
 *
 * @param name metric, such as {@code cpu_percent}
 * @param value a number that is finite
 * @param unit unit of the value, where one is known
 * @param labels what tells samples of one metric apart
 * @param observedAt when, where the project says so
 */
record Sample(
    String name,
    double value,
    @Nullable String unit,
    Map<String, String> labels,
    @Nullable Instant observedAt) {

  Sample {
    labels = Map.copyOf(labels);
  }

  /** A share in percent. */
  static Sample percent(String name, double value) {
    return new Sample(name, value, "percent", Map.of(), null);
  }

  /**
   * The event that says so.
   *
   * @param readAt when it was read
   */
  HealthMetric of(String project, Instant readAt) {
    return HealthMetric.newBuilder()
        .setProject(project)
        .setName(name)
        .setValue(value)
        .setUnit(unit)
        .setLabels(labels)
        .setObservedAt(observedAt == null ? readAt : observedAt)
        .build();
  }
}
