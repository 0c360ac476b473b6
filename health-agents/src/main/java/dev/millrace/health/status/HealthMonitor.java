package dev.millrace.health.status;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.health.flow.EventMetadata;
import dev.millrace.health.flow.Output;
import dev.millrace.health.flow.ProjectAgent;
import dev.millrace.health.flow.Transition;
import dev.millrace.health.status.ProjectHealth.Look;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.validation.HealthEvents;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.HealthStatus;
import dev.millrace.schemas.health.ProjectStatus;
import dev.millrace.schemas.health.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;

/**
 * Judges how a project is from a row of probes, so that one slow or lost answer changes nothing:
 *
 * <ol>
 *   <li>enough failures in a row: down;
 *   <li>enough good answers in a row, or a first good one: healthy;
 *   <li>two bad ones among the last five, and answers again if it was down: degraded;
 *   <li>otherwise as it was.
 * </ol>
 */
public final class HealthMonitor implements ProjectAgent<ProjectHealth> {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int BAD_LOOKS = 2;
  private static final int MAX_ERROR_LENGTH = 200;
  private static final int MAX_URL_LENGTH = 2_000;

  private final HealthRules rules;

  public HealthMonitor(HealthRules rules) {
    this.rules = rules;
  }

  @Override
  public ProjectHealth initial() {
    return ProjectHealth.UNKNOWN;
  }

  @Override
  public Transition<ProjectHealth> apply(
      String project, ProjectHealth state, SpecificRecord event, EventMetadata metadata) {
    if (!(event instanceof HealthProbe probe)) {
      throw new IllegalStateException("no source carries " + event.getSchema());
    }
    HealthEvents.require(probe, metadata.receivedAt());
    if (state.probedAt() != null && probe.getObservedAt().isBefore(state.probedAt())) {
      return Transition.to(state);
    }
    ProjectHealth seen =
        state.seeing(Look.of(probe, rules.slow()), probe.getObservedAt(), metadata.receivedAt());
    return judge(seen, probe, metadata);
  }

  @Override
  public Transition<ProjectHealth> timePassed(
      String project, ProjectHealth state, EventMetadata metadata) {
    boolean isSilent =
        state.heardAt() != null && metadata.at().isAfter(state.heardAt().plus(rules.silence()));
    if (!isSilent || state.status() == ProjectStatus.UNKNOWN) {
      return Transition.to(state);
    }
    HealthStatus status =
        HealthStatus.newBuilder()
            .setProject(project)
            .setStatus(ProjectStatus.UNKNOWN)
            .setPreviousStatus(state.status())
            .setReason("no probe for more than " + rules.silence().toSeconds() + " s")
            .setChangedAt(metadata.at())
            .build();
    return new Transition<>(
        state.silent(metadata.at()),
        List.of(
            new Output(Topics.HEALTH_STATUSES, status, metadata.event(), "status", metadata.at())));
  }

  private Transition<ProjectHealth> judge(
      ProjectHealth seen, HealthProbe probe, EventMetadata metadata) {
    ProjectStatus status = status(seen);
    boolean isChange = status != seen.status();
    boolean isReminder =
        status == ProjectStatus.DOWN
            && seen.anomalyAt() != null
            && !metadata.at().isBefore(seen.anomalyAt().plus(rules.reminder()));
    List<Output> outputs = new ArrayList<>();
    ProjectHealth now = seen;
    if (isChange) {
      Instant changedAt = seen.notBeforeLastChange(probe.getObservedAt());
      now = now.becoming(status, changedAt);
      outputs.add(
          new Output(
              Topics.HEALTH_STATUSES,
              change(seen, status, probe, changedAt),
              metadata.event(),
              "status",
              metadata.at()));
    }
    boolean isAnomaly =
        (isChange && (status == ProjectStatus.DOWN || status == ProjectStatus.DEGRADED))
            || isReminder;
    if (isAnomaly) {
      now = now.unwell(metadata.at());
      outputs.add(
          new Output(
              Topics.HEALTH_ANOMALIES,
              anomaly(status, probe, seen, metadata),
              metadata.event(),
              "anomaly",
              metadata.at()));
    }
    return new Transition<>(now, outputs);
  }

  private ProjectStatus status(ProjectHealth seen) {
    if (seen.trailing(look -> look == Look.FAILED) >= rules.downAfter()) {
      return ProjectStatus.DOWN;
    }
    int good = seen.trailing(look -> look == Look.GOOD);
    if (good >= rules.healthyAfter() || (good > 0 && seen.status() == ProjectStatus.UNKNOWN)) {
      return ProjectStatus.HEALTHY;
    }
    boolean answers =
        seen.status() != ProjectStatus.DOWN
            || seen.trailing(Look::isAnswer) >= rules.healthyAfter();
    return answers && seen.badLooks() >= BAD_LOOKS ? ProjectStatus.DEGRADED : seen.status();
  }

  private HealthStatus change(
      ProjectHealth seen, ProjectStatus status, HealthProbe probe, Instant changedAt) {
    return HealthStatus.newBuilder()
        .setProject(probe.getProject())
        .setStatus(status)
        .setPreviousStatus(seen.status())
        .setReason(reason(seen, status, probe))
        .setResponseTimeMs(probe.getResponseTimeMs())
        .setChangedAt(changedAt)
        .build();
  }

  private String reason(ProjectHealth seen, ProjectStatus status, HealthProbe probe) {
    return switch (status) {
      case DOWN ->
          "%d probes in a row failed: %s"
              .formatted(seen.trailing(look -> look == Look.FAILED), failure(probe));
      case DEGRADED ->
          "%d of the last %d probes were slow (over %d ms) or failed"
              .formatted(seen.badLooks(), seen.looks().size(), rules.slow().toMillis());
      case HEALTHY -> "answered in %.0f ms".formatted(probe.getResponseTimeMs());
      case UNKNOWN -> "not enough probes";
    };
  }

  private static String failure(HealthProbe probe) {
    if (probe.getStatusCode() != null) {
      return "HTTP " + probe.getStatusCode();
    }
    String error = probe.getError() == null ? "no answer" : probe.getError();
    return Texts.shorten(error, MAX_ERROR_LENGTH);
  }

  private HealthAnomaly anomaly(
      ProjectStatus status, HealthProbe probe, ProjectHealth seen, EventMetadata metadata) {
    boolean isDown = status == ProjectStatus.DOWN;
    String evidence =
        JSON.createObjectNode()
            .put("reason", reason(seen, status, probe))
            .put("response_time_ms", probe.getResponseTimeMs())
            .put("url", Texts.shorten(probe.getUrl(), MAX_URL_LENGTH))
            .toString();
    return HealthAnomaly.newBuilder()
        .setAnomalyId(metadata.derive("anomaly"))
        .setProject(probe.getProject())
        .setType(status.name().toLowerCase(Locale.ROOT))
        .setSeverity(isDown ? Severity.CRITICAL : Severity.WARNING)
        .setMetric("response_time_ms")
        .setValue(probe.getResponseTimeMs())
        .setThreshold(isDown ? null : (double) rules.slow().toMillis())
        .setEvidence(evidence)
        .setDetectedAt(metadata.at())
        .build();
  }
}
