package dev.millrace.health.metric;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.health.flow.EventMetadata;
import dev.millrace.health.flow.Output;
import dev.millrace.health.flow.ProjectAgent;
import dev.millrace.health.flow.Transition;
import dev.millrace.health.metric.MetricWatch.Sample;
import dev.millrace.health.metric.Trend.Forecast;
import dev.millrace.runtime.metric.MetricSeries;
import dev.millrace.runtime.validation.HealthEvents;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Finds samples above their thresholds: enough of them in a row, and not again for a while. Samples
 * that are below but grow towards it are an anomaly of a kind of its own, {@code trend}. A sample
 * that was old when it arrived says nothing about now, so it leads to no repair.
 */
public final class MetricsAnalyzer implements ProjectAgent<MetricWatch> {

  /** Type of the anomaly of a metric that grows towards its threshold. */
  public static final String TREND = "trend";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_NAME_LENGTH = 100;

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
      String project, MetricWatch state, SpecificRecord event, EventMetadata metadata) {
    if (!(event instanceof HealthMetric sample)) {
      throw new IllegalStateException("no source carries " + event.getSchema());
    }
    Instant observedAt = sample.getObservedAt() == null ? metadata.at() : sample.getObservedAt();
    validate(sample, observedAt, metadata);
    if (observedAt.isBefore(metadata.at().minus(rules.lifetime()))) {
      return Transition.to(state);
    }
    String metric = MetricRules.canonical(sample.getName());
    String series = MetricSeries.of(metric, sample.getLabels());
    MetricWatch seen = state.seeing(series, new Sample(sample.getValue(), metadata.at()));
    Double threshold = rules.thresholds().get(metric);
    if (threshold == null) {
      return Transition.to(seen);
    }
    Finding finding = new Finding(sample, metric, series, threshold, observedAt, metadata);
    MetricWatch going = going(seen, finding);
    return sample.getValue() <= threshold
        ? below(going.good(series), finding)
        : above(going.bad(series), finding);
  }

  /** A sample of a metric that has a threshold. */
  private record Finding(
      HealthMetric sample,
      String metric,
      String series,
      double threshold,
      Instant observedAt,
      EventMetadata metadata) {}

  private MetricWatch going(MetricWatch state, Finding finding) {
    if (!rules.trends().areOn()) {
      return state;
    }
    Sample sample = new Sample(finding.sample().getValue(), finding.metadata().at());
    return state.going(
        finding.series(), state.trend(finding.series()).seeing(sample, rules.trends()));
  }

  private Transition<MetricWatch> above(MetricWatch state, Finding finding) {
    String type = MetricRules.anomalyType(finding.metric());
    boolean isAnomaly =
        state.badSamples().getOrDefault(finding.series(), 0) >= rules.samples()
            && !coolsDown(state, type, finding.metadata().at());
    return isAnomaly ? raise(state, type, high(finding), finding, "anomaly") : Transition.to(state);
  }

  private Transition<MetricWatch> below(MetricWatch state, Finding finding) {
    Trend trend = state.trend(finding.series());
    Optional<Forecast> forecast = trend.towards(finding.threshold());
    if (trend.told()) {
      boolean isCalm =
          forecast.isEmpty() || forecast.get().reachedIn().compareTo(rules.trends().calm()) > 0;
      return Transition.to(isCalm ? state.going(finding.series(), trend.telling(false)) : state);
    }
    boolean isAnomaly =
        forecast.isPresent()
            && forecast.get().reachedIn().compareTo(rules.trends().horizon()) <= 0
            && !coolsDown(state, TREND, finding.metadata().at());
    return isAnomaly
        ? raise(
            state.going(finding.series(), trend.telling(true)),
            TREND,
            growing(finding, trend, forecast.get()),
            finding,
            TREND)
        : Transition.to(state);
  }

  private static Transition<MetricWatch> raise(
      MetricWatch state, String type, HealthAnomaly anomaly, Finding finding, String name) {
    EventMetadata metadata = finding.metadata();
    return new Transition<>(
        state.raised(type, metadata.at()),
        List.of(
            new Output(Topics.HEALTH_ANOMALIES, anomaly, metadata.event(), name, metadata.at())));
  }

  private static void validate(HealthMetric sample, Instant observedAt, EventMetadata metadata) {
    if (sample.getName().isBlank() || sample.getName().length() > MAX_NAME_LENGTH) {
      throw new InvalidEventException(
          "name: expected 1 to "
              + MAX_NAME_LENGTH
              + " characters, found "
              + sample.getName().length());
    }
    HealthEvents.requireMeasure("value", sample.getValue());
    MetricSeries.refusalOf(sample.getName(), sample.getLabels())
        .ifPresent(reason -> {
          throw new InvalidEventException("labels: " + reason);
        });
    if (observedAt.isAfter(metadata.at().plus(MAX_CLOCK_SKEW))) {
      throw new InvalidEventException(
          "observed_at: expected a time that has come, found " + observedAt);
    }
  }

  private boolean coolsDown(MetricWatch state, String type, Instant at) {
    Instant raisedAt = state.raisedAt().get(type);
    return raisedAt != null && at.isBefore(raisedAt.plus(rules.cooldown()));
  }

  private HealthAnomaly high(Finding finding) {
    ObjectNode evidence = evidence(finding).put("samples_in_a_row", rules.samples());
    double critical = finding.threshold() * (1 + CRITICAL_EXCESS);
    boolean isCritical = finding.sample().getValue() >= critical;
    return anomaly(finding, evidence)
        .setAnomalyId(finding.metadata().derive("anomaly"))
        .setType(MetricRules.anomalyType(finding.metric()))
        .setSeverity(isCritical ? Severity.CRITICAL : Severity.WARNING)
        .build();
  }

  private static HealthAnomaly growing(Finding finding, Trend trend, Forecast forecast) {
    ObjectNode evidence =
        evidence(finding)
            .put("method", "Theil-Sen")
            .put("points", trend.points().size())
            .put("since", trend.points().getFirst().at().toString())
            .put("growth_per_minute", forecast.perMinute())
            .put("reaches_threshold_in_seconds", forecast.reachedIn().toSeconds());
    return anomaly(finding, evidence)
        .setAnomalyId(finding.metadata().derive(TREND))
        .setType(TREND)
        .setSeverity(Severity.WARNING)
        .build();
  }

  private static ObjectNode evidence(Finding finding) {
    ObjectNode evidence = JSON.createObjectNode();
    ObjectNode labels = evidence.putObject("labels");
    finding.sample().getLabels().forEach(labels::put);
    return evidence;
  }

  private static HealthAnomaly.Builder anomaly(Finding finding, ObjectNode evidence) {
    return HealthAnomaly.newBuilder()
        .setProject(finding.sample().getProject())
        .setMetric(finding.metric())
        .setValue(finding.sample().getValue())
        .setThreshold(finding.threshold())
        .setEvidence(evidence.toString())
        .setSynthetic(finding.sample().getSynthetic())
        .setDetectedAt(finding.observedAt());
  }
}
