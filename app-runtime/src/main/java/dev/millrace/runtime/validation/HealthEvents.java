package dev.millrace.runtime.validation;

import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthProbe;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What probes, samples and anomalies must be like: anybody may write to their topics. */
public final class HealthEvents {

  /** Above every measure there is, and small enough that a sum of any number of them is finite. */
  public static final double MAX_MEASURE = 1e100;

  /** What the name of a project may be, in words. */
  private static final String PROJECT_RULE =
      "1 to 100 letters, digits, dots, dashes or underscores";

  /**
   * How far the clock of a prober may be ahead. A probe from further in the future would make every
   * other one look outdated.
   */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

  private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,99}");

  private HealthEvents() {}

  /** Whether a project may be called so. */
  public static boolean isProject(String name) {
    return PROJECT.matcher(name).matches();
  }

  /**
   * Requires that a record is about the project of its key.
   *
   * @throws InvalidEventException if it is not, or if no project may be called so
   */
  public static void requireKey(@Nullable String key, String project) {
    if (!isProject(project)) {
      throw new InvalidEventException("project: expected " + PROJECT_RULE);
    }
    if (!project.equals(key)) {
      throw new InvalidEventException("key: expected the project of the value");
    }
  }

  /**
   * Requires values that mean something.
   *
   * @param receivedAt when the probe came, by the clock of whoever judges it
   * @throws InvalidEventException that names the field that is wrong
   */
  public static void require(HealthProbe probe, Instant receivedAt) {
    double ms = probe.getResponseTimeMs();
    if (!Double.isFinite(ms) || ms < 0) {
      throw new InvalidEventException("response_time_ms: expected a number from 0, found " + ms);
    }
    EventFields.requireTime("observed_at", probe.getObservedAt());
    if (probe.getObservedAt().isAfter(receivedAt.plus(MAX_CLOCK_SKEW))) {
      throw new InvalidEventException(
          "observed_at: expected a time that has come, found " + probe.getObservedAt());
    }
  }

  /**
   * Requires values that mean something.
   *
   * @throws InvalidEventException that names the field that is wrong
   */
  public static void require(HealthAnomaly anomaly) {
    EventFields.requireName("anomaly_id", anomaly.getAnomalyId());
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
