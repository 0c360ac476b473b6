package dev.millrace.health.metric;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.health.flow.Moment;
import dev.millrace.health.flow.Output;
import dev.millrace.health.flow.ProjectAgent;
import dev.millrace.health.flow.Transition;
import dev.millrace.health.metric.MetricWatch.Sample;
import dev.millrace.runtime.streams.InvalidEventException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * Finds samples above their thresholds: enough of them in a row, and not again for a while. A
 * sample that was old when it arrived says nothing about now, so it leads to no repair.
 */
public final class MetricsAnalyzer implements ProjectAgent<MetricWatch> {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_NAME_LENGTH = 100;
  private static final int MAX_LABELS = 16;

  /** Hundreds of series of a project are kept in one state. */
  private static final int MAX_SERIES_BYTES = 2 << 10;

  /** A sample that far above its threshold, as a share of it, is critical. */
  private static final double CRITICAL_EXCESS = 0.05;

  /** How far the clock of whoever measures may be ahead. */
  private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);

  private final MetricRules rules;

  public MetricsAnalyzer(MetricRules rules) {
    this.rules = rules;
  }

  @Override
  public MetricWatch initial() {
    return MetricWatch.NONE;
  }

  @Override
  public Transition<MetricWatch> apply(
      String project, MetricWatch state, SpecificRecord event, Moment moment) {
    if (!(event instanceof HealthMetric sample)) {
      throw new IllegalStateException("no source carries " + event.getSchema());
    }
    Instant observedAt = sample.getObservedAt() == null ? moment.at() : sample.getObservedAt();
    validate(sample, observedAt, moment);
    if (observedAt.isBefore(moment.at().minus(rules.lifetime()))) {
      return Transition.to(state);
    }
    String metric = MetricRules.canonical(sample.getName());
    String series = series(metric, sample);
    MetricWatch seen = state.seeing(series, new Sample(sample.getValue(), moment.at()));
    Double threshold = rules.thresholds().get(metric);
    if (threshold == null) {
      return Transition.to(seen);
    }
    if (sample.getValue() <= threshold) {
      return Transition.to(seen.good(series));
    }
    MetricWatch bad = seen.bad(series);
    String type = MetricRules.anomalyType(metric);
    boolean isAnomaly =
        bad.badSamples().getOrDefault(series, 0) >= rules.samples()
            && !coolsDown(bad, type, moment.at());
    return isAnomaly
        ? new Transition<>(
            bad.raised(type, moment.at()),
            List.of(
                new Output(
                    Topics.HEALTH_ANOMALIES,
                    anomaly(sample, metric, threshold, observedAt, moment),
                    moment.event(),
                    "anomaly",
                    moment.at())))
        : Transition.to(bad);
  }

  private static void validate(HealthMetric sample, Instant observedAt, Moment moment) {
    if (sample.getName().isBlank() || sample.getName().length() > MAX_NAME_LENGTH) {
      throw new InvalidEventException(
          "name: expected 1 to "
              + MAX_NAME_LENGTH
              + " characters, found "
              + sample.getName().length());
    }
    if (!Double.isFinite(sample.getValue())) {
      throw new InvalidEventException("value: expected a number, found " + sample.getValue());
    }
    if (sample.getLabels().size() > MAX_LABELS) {
      throw new InvalidEventException("labels: expected at most " + MAX_LABELS);
    }
    if (observedAt.isAfter(moment.at().plus(MAX_CLOCK_SKEW))) {
      throw new InvalidEventException(
          "observed_at: expected a time that has come, found " + observedAt);
    }
  }

  /** What tells this series of samples from the others of its project. */
  private static String series(String metric, HealthMetric sample) {
    String series = metric + new TreeMap<>(sample.getLabels());
    int bytes = series.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_SERIES_BYTES) {
      throw new InvalidEventException(
          "labels: expected at most %d bytes with the name of the metric, found %d"
              .formatted(MAX_SERIES_BYTES, bytes));
    }
    return series;
  }

  private boolean coolsDown(MetricWatch state, String type, Instant at) {
    Instant raisedAt = state.raisedAt().get(type);
    return raisedAt != null && at.isBefore(raisedAt.plus(rules.cooldown()));
  }

  private HealthAnomaly anomaly(
      HealthMetric sample, String metric, double threshold, Instant observedAt, Moment moment) {
    ObjectNode evidence = JSON.createObjectNode();
    evidence.put("samples_in_a_row", rules.samples());
    ObjectNode labels = evidence.putObject("labels");
    sample.getLabels().forEach(labels::put);
    boolean isCritical = sample.getValue() >= threshold * (1 + CRITICAL_EXCESS);
    return HealthAnomaly.newBuilder()
        .setAnomalyId(moment.derive("anomaly"))
        .setProject(sample.getProject())
        .setType(MetricRules.anomalyType(metric))
        .setSeverity(isCritical ? Severity.CRITICAL : Severity.WARNING)
        .setMetric(metric)
        .setValue(sample.getValue())
        .setThreshold(threshold)
        .setEvidence(evidence.toString())
        .setSynthetic(sample.getSynthetic())
        .setDetectedAt(observedAt)
        .build();
  }
}
