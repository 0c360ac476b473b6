package dev.millrace.runtime.validation;

import dev.millrace.schemas.health.HealthAnomaly;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What samples and anomalies must be like: anybody may write to their topics. */
public final class HealthEvents {

  /** Above every measure there is, and small enough that a sum of any number of them is finite. */
  public static final double MAX_MEASURE = 1e100;

  private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,99}");

  private HealthEvents() {}

  /**
   * Requires that a record is about the project of its key.
   *
   * @throws InvalidEventException if it is not
   */
  public static void requireKey(@Nullable String key, String project) {
    if (!project.equals(key)) {
      throw new InvalidEventException("key: expected the project of the value");
    }
  }

  /**
   * Requires values that mean something.
   *
   * @throws InvalidEventException that names the field that is wrong
   */
  public static void require(HealthAnomaly anomaly) {
    EventFields.requireName("anomaly_id", anomaly.getAnomalyId());
    EventFields.requireName("project", anomaly.getProject());
    if (!TYPE.matcher(anomaly.getType()).matches()) {
      throw new InvalidEventException(
          "type: expected a name such as high_memory, of lower-case letters, digits and _");
    }
    EventFields.requireShort("metric", anomaly.getMetric());
    requireMeasure("value", anomaly.getValue());
    requireMeasure("threshold", anomaly.getThreshold());
  }

  /**
   * Requires a number that can be compared and added up.
   *
   * @throws InvalidEventException if it is none, or beyond {@link #MAX_MEASURE} on either side
   */
  public static void requireMeasure(String field, @Nullable Double value) {
    if (value != null && !(Math.abs(value) <= MAX_MEASURE)) {
      throw new InvalidEventException(
          "%s: expected a number from -%2$s to %2$s, found %3$s"
              .formatted(field, MAX_MEASURE, value));
    }
  }
}
