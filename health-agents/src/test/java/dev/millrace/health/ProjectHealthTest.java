package dev.millrace.health;

import static dev.millrace.health.HealthDriver.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.HealthStatus;
import dev.millrace.schemas.health.ProjectStatus;
import dev.millrace.schemas.remediation.Decision;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From probes and metrics to statuses and anomalies. */
class ProjectHealthTest {

  private final HealthDriver health = new HealthDriver();

  @AfterEach
  void close() {
    health.close();
  }

  @Test
  void aProjectThatStopsAnsweringIsDownAndRestarted() {
    health.probe(true, 200, 7);
    health.probe(false, null, 5_000);
    assertThat(health.read(Topics.HEALTH_STATUSES))
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.HEALTHY);

    health.probe(false, null, 5_000);

    HealthStatus status = health.read(Topics.HEALTH_STATUSES).getFirst();
    assertThat(status.getStatus()).isEqualTo(ProjectStatus.DOWN);
    assertThat(status.getPreviousStatus()).isEqualTo(ProjectStatus.HEALTHY);
    HealthAnomaly anomaly = health.only(Topics.HEALTH_ANOMALIES);
    assertThat(anomaly.getType()).isEqualTo("down");
    RemediationAnalysis analysis = health.only(Topics.REMEDIATION_ANALYSES);
    assertThat(analysis.getDecision()).isEqualTo(Decision.EXECUTE);
    assertThat(analysis.getConfidence()).isEqualTo(0.9);
    assertThat(analysis.getAnalyzer()).isEqualTo("rules (offline)");
    RemediationCommand command = health.only(Topics.REMEDIATION_COMMANDS);
    assertThat(command.getAction()).isEqualTo("restart_service");
    assertThat(command.getAnomalyId()).isEqualTo(anomaly.getAnomalyId());
    assertThat(command.getExpiresAt()).isEqualTo(health.now().plus(Duration.ofMinutes(5)));
  }

  @Test
  void aProjectThatStaysDownIsFoundDownAgainAfterAWhile() {
    health.probe(false, null, 5_000);
    health.probe(false, null, 5_000);
    assertThat(health.read(Topics.HEALTH_ANOMALIES)).hasSize(1);
    health.probe(false, null, 5_000);
    assertThat(health.read(Topics.HEALTH_ANOMALIES)).isEmpty();

    for (int i = 0; i < 5; i++) {
      health.probe(false, null, 5_000);
    }

    assertThat(health.read(Topics.HEALTH_ANOMALIES)).hasSize(1);
  }

  @Test
  void aProjectThatIsDownAgainWhileItsRepairCoolsDownIsRepairedAfterwards() {
    health.probe(false, null, 5_000);
    health.probe(false, null, 5_000);
    health.outcome(health.only(Topics.REMEDIATION_COMMANDS), OutcomeStatus.SUCCEEDED);
    health.probe(true, 200, 7);
    health.probe(true, 200, 7);
    health.probe(false, null, 5_000);
    health.probe(false, null, 5_000);
    assertThat(health.read(Topics.REMEDIATION_ANALYSES).getLast().getDecision())
        .isEqualTo(Decision.SUPPRESS);

    for (int i = 0; i < 6; i++) {
      health.probe(false, null, 5_000);
    }

    assertThat(health.only(Topics.REMEDIATION_COMMANDS).getAction()).isEqualTo("restart_service");
  }

  @Test
  void aSlowProjectIsDegradedAndWatched() {
    health.probe(true, 200, 7);
    health.probe(true, 200, 1_500);
    health.probe(true, 200, 1_500);

    assertThat(health.read(Topics.HEALTH_STATUSES))
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.HEALTHY, ProjectStatus.DEGRADED);
    assertThat(health.only(Topics.HEALTH_ANOMALIES).getType()).isEqualTo("degraded");
    assertThat(health.only(Topics.REMEDIATION_ANALYSES).getDecision()).isEqualTo(Decision.SUPPRESS);
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void aProjectThatAnswersAgainIsHealthy() {
    health.probe(false, null, 5_000);
    health.probe(false, null, 5_000);
    health.probe(true, 200, 7);

    health.probe(true, 200, 7);

    assertThat(health.read(Topics.HEALTH_STATUSES))
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.DOWN, ProjectStatus.HEALTHY);
  }

  @Test
  void aProjectThatIsNotProbedAnyMoreIsUnknown() {
    health.probe(true, 200, 7);

    health.pass(Duration.ofMinutes(2));

    assertThat(health.read(Topics.HEALTH_STATUSES).getLast().getStatus())
        .isEqualTo(ProjectStatus.UNKNOWN);
  }

  @Test
  void aProbeThatArrivesLateChangesTheStatusAfterTheSilenceAndNotBefore() {
    health.probe(true, 200, 7);
    Instant observed = health.now().plusSeconds(10);
    health.pass(Duration.ofMinutes(2));

    health.probeOf(observed, true, 200, 7);

    List<HealthStatus> statuses = health.read(Topics.HEALTH_STATUSES);
    assertThat(statuses)
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.HEALTHY, ProjectStatus.UNKNOWN, ProjectStatus.HEALTHY);
    assertThat(statuses).isSortedAccordingTo(Comparator.comparing(HealthStatus::getChangedAt));
  }

  @Test
  void aProbeFromTheFutureIsRefusedAndOthersGoOn() {
    health.probe(true, 200, 7);

    assertRefused(
        () -> health.probeOf(health.now().plus(Duration.ofDays(1)), true, 200, 7), "observed_at");

    health.probe(false, null, 5_000);
    health.probe(false, null, 5_000);
    assertThat(health.read(Topics.HEALTH_STATUSES).getLast().getStatus())
        .isEqualTo(ProjectStatus.DOWN);
  }

  @Test
  void aProbeOfATimeBefore1970IsRefused() {
    assertRefused(
        () -> health.probeOf(Instant.ofEpochMilli(Long.MIN_VALUE), true, 200, 7), "observed_at");
  }

  @Test
  void eachKindOfMetricHasItsAction() {
    health.metric("memory_percent", 97);
    health.metric("cpu", 99);
    health.metric("error_rate", 12);

    assertThat(health.read(Topics.HEALTH_ANOMALIES))
        .extracting(HealthAnomaly::getType)
        .containsExactly("high_memory", "high_cpu", "high_error");
    assertThat(health.read(Topics.REMEDIATION_COMMANDS))
        .extracting(RemediationCommand::getAction)
        .containsExactly("clear_cache", "pause_service", "restart_service");
  }

  @Test
  void anAnomalyIsNotFoundAgainWithEverySample() {
    health.metric("memory_percent", 97);
    health.metric("memory_percent", 98);
    assertThat(health.read(Topics.HEALTH_ANOMALIES)).hasSize(1);

    health.pass(Duration.ofSeconds(61));
    health.metric("memory_percent", 98);

    assertThat(health.read(Topics.HEALTH_ANOMALIES)).hasSize(1);
  }

  @Test
  void samplesWithinTheirThresholdAreNoAnomaly() {
    health.metric("memory_percent", 90);
    health.metric("queue_length", 1e9);

    assertThat(health.read(Topics.HEALTH_ANOMALIES)).isEmpty();
  }

  @Test
  void eventsThatMakeNoSenseAreRefused() {
    assertRefused(() -> health.metric("cpu_percent", Double.NaN), "value");
    assertRefused(() -> health.anomaly("a-1", "High Memory!"), "type");
    assertRefused(
        () ->
            health.send(
                Topics.HEALTH_METRICS,
                HealthMetric.newBuilder()
                    .setProject("other")
                    .setName("cpu_percent")
                    .setValue(1)
                    .build()),
        "key");
  }

  @Test
  void labelsThatAreTooLongToBeKeptAreRefused() {
    health.send(Topics.HEALTH_METRICS, labelled("x".repeat(2_000)));

    assertRefused(() -> health.send(Topics.HEALTH_METRICS, labelled("x".repeat(2_048))), "labels");
  }

  private static HealthMetric labelled(String value) {
    return HealthMetric.newBuilder()
        .setProject("email-blast")
        .setName("cpu_percent")
        .setValue(99)
        .setLabels(Map.of("host", value))
        .build();
  }

  @Test
  void anAnomalyTellsNoMoreOfAnAddressThanItCanHold() {
    String url = "http://localhost/" + "x".repeat(5_000);
    HealthProbe failed =
        HealthProbe.newBuilder()
            .setProject("email-blast")
            .setUrl(url)
            .setUp(false)
            .setResponseTimeMs(1)
            .setObservedAt(health.now())
            .build();
    health.send(Topics.HEALTH_PROBES, failed);

    health.send(Topics.HEALTH_PROBES, failed);

    assertThat(health.only(Topics.HEALTH_ANOMALIES).getEvidence())
        .contains("http://localhost/")
        .hasSizeLessThan(3_000);
  }

  @Test
  void aSampleThatWasOldWhenItArrivedRepairsNothing() {
    health.metricOf(health.now().minus(Duration.ofHours(1)), "error_rate", 50);
    assertThat(health.read(Topics.HEALTH_ANOMALIES)).isEmpty();

    health.metricOf(health.now().minus(Duration.ofMinutes(4)), "error_rate", 50);

    assertThat(health.only(Topics.HEALTH_ANOMALIES).getDetectedAt())
        .isEqualTo(health.now().minus(Duration.ofMinutes(4)));
    assertThat(health.only(Topics.REMEDIATION_COMMANDS).getAction()).isEqualTo("restart_service");
  }

  @Test
  void aSampleOfATimeToComeMakesNoSense() {
    Instant tomorrow = health.now().plus(Duration.ofDays(1));

    assertRefused(() -> health.metricOf(tomorrow, "cpu", 99), "observed_at");
  }
}
