package dev.millrace.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.health.remedy.RuleAnalyzer;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.streams.InvalidEventException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.HealthStatus;
import dev.millrace.schemas.health.ProjectStatus;
import dev.millrace.schemas.remediation.Decision;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationAnalysis;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationCommand;
import dev.millrace.schemas.remediation.RemediationEscalation;
import dev.millrace.schemas.remediation.RemediationOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthTopologyTest {

  private static final Instant NOW = Instant.parse("2026-01-19T15:00:00Z");
  private static final String PROJECT = "email-blast";

  private final TopologyTestDriver driver =
      new TopologyTestDriver(
          HealthTopology.build(
              "health-agents",
              HealthConfig.from(Environment.of(Map.of())),
              new RuleAnalyzer(),
              AvroSerdes::serde),
          properties(),
          NOW);
  private Instant now = NOW;
  private int events;
  private TraceContext trace = TraceContext.start();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void aProjectThatStopsAnsweringIsDownAndRestarted() {
    probe(true, 200, 7);
    probe(false, null, 5_000);
    assertThat(read(Topics.HEALTH_STATUSES))
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.HEALTHY);

    probe(false, null, 5_000);

    HealthStatus status = read(Topics.HEALTH_STATUSES).getFirst();
    assertThat(status.getStatus()).isEqualTo(ProjectStatus.DOWN);
    assertThat(status.getPreviousStatus()).isEqualTo(ProjectStatus.HEALTHY);
    HealthAnomaly anomaly = only(Topics.HEALTH_ANOMALIES);
    assertThat(anomaly.getType()).isEqualTo("down");
    RemediationAnalysis analysis = only(Topics.REMEDIATION_ANALYSES);
    assertThat(analysis.getDecision()).isEqualTo(Decision.EXECUTE);
    assertThat(analysis.getConfidence()).isEqualTo(0.9);
    assertThat(analysis.getAnalyzer()).isEqualTo("rules (offline)");
    RemediationCommand command = only(Topics.REMEDIATION_COMMANDS);
    assertThat(command.getAction()).isEqualTo("restart_service");
    assertThat(command.getAnomalyId()).isEqualTo(anomaly.getAnomalyId());
    assertThat(command.getExpiresAt()).isEqualTo(now.plus(Duration.ofMinutes(5)));
  }

  @Test
  void aProjectThatStaysDownIsFoundDownAgainAfterAWhile() {
    probe(false, null, 5_000);
    probe(false, null, 5_000);
    assertThat(read(Topics.HEALTH_ANOMALIES)).hasSize(1);
    probe(false, null, 5_000);
    assertThat(read(Topics.HEALTH_ANOMALIES)).isEmpty();

    for (int i = 0; i < 29; i++) {
      probe(false, null, 5_000);
    }

    assertThat(read(Topics.HEALTH_ANOMALIES)).hasSize(1);
  }

  @Test
  void aSlowProjectIsDegradedAndWatched() {
    probe(true, 200, 7);
    probe(true, 200, 1_500);
    probe(true, 200, 1_500);

    assertThat(read(Topics.HEALTH_STATUSES))
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.HEALTHY, ProjectStatus.DEGRADED);
    assertThat(only(Topics.HEALTH_ANOMALIES).getType()).isEqualTo("degraded");
    assertThat(only(Topics.REMEDIATION_ANALYSES).getDecision()).isEqualTo(Decision.SUPPRESS);
    assertThat(read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void aProjectThatAnswersAgainIsHealthy() {
    probe(false, null, 5_000);
    probe(false, null, 5_000);
    probe(true, 200, 7);

    probe(true, 200, 7);

    assertThat(read(Topics.HEALTH_STATUSES))
        .extracting(HealthStatus::getStatus)
        .containsExactly(ProjectStatus.DOWN, ProjectStatus.HEALTHY);
  }

  @Test
  void aProjectThatIsNotProbedAnyMoreIsUnknown() {
    probe(true, 200, 7);

    pass(Duration.ofMinutes(2));

    assertThat(read(Topics.HEALTH_STATUSES).getLast().getStatus()).isEqualTo(ProjectStatus.UNKNOWN);
  }

  @Test
  void eachKindOfMetricHasItsAction() {
    metric("memory_percent", 97);
    metric("cpu", 99);
    metric("error_rate", 12);

    assertThat(read(Topics.HEALTH_ANOMALIES))
        .extracting(HealthAnomaly::getType)
        .containsExactly("high_memory", "high_cpu", "high_error");
    assertThat(read(Topics.REMEDIATION_COMMANDS))
        .extracting(RemediationCommand::getAction)
        .containsExactly("clear_cache", "pause_service", "restart_service");
  }

  @Test
  void anAnomalyIsNotFoundAgainWithEverySample() {
    metric("memory_percent", 97);
    metric("memory_percent", 98);
    assertThat(read(Topics.HEALTH_ANOMALIES)).hasSize(1);

    pass(Duration.ofSeconds(61));
    metric("memory_percent", 98);

    assertThat(read(Topics.HEALTH_ANOMALIES)).hasSize(1);
  }

  @Test
  void samplesWithinTheirThresholdAreNoAnomaly() {
    metric("memory_percent", 90);
    metric("queue_length", 1e9);

    assertThat(read(Topics.HEALTH_ANOMALIES)).isEmpty();
  }

  @Test
  void anActionUnderWayIsNotCommandedAgain() {
    anomaly("a-1", "high_memory");
    anomaly("a-2", "high_memory");

    assertThat(read(Topics.REMEDIATION_COMMANDS)).hasSize(1);
    RemediationAnalysis second = read(Topics.REMEDIATION_ANALYSES).getLast();
    assertThat(second.getDecision()).isEqualTo(Decision.SUPPRESS);
    assertThat(second.getReasoning()).contains("already under way");
  }

  @Test
  void anActionIsCommandedAgainWhenItsCooldownIsOver() {
    anomaly("a-1", "high_memory");
    outcome(only(Topics.REMEDIATION_COMMANDS), OutcomeStatus.SUCCEEDED);
    anomaly("a-2", "high_memory");
    assertThat(read(Topics.REMEDIATION_COMMANDS)).isEmpty();

    pass(Duration.ofSeconds(61));
    anomaly("a-3", "high_memory");

    assertThat(read(Topics.REMEDIATION_COMMANDS)).hasSize(1);
  }

  @Test
  void repairsThatDoNotHelpMakeItAskAPerson() {
    failRestartsUntilEscalation();

    RemediationEscalation escalation = only(Topics.REMEDIATION_ESCALATIONS);
    assertThat(escalation.getProposedAction()).isEqualTo("restart_service");
    assertThat(escalation.getConfidence()).isLessThanOrEqualTo(0.7);
    assertThat(read(Topics.REMEDIATION_ANALYSES).getLast().getReasoning()).contains("did not help");
  }

  @Test
  void anAnomalyOfAnUnknownKindIsForAPersonOnce() {
    anomaly("a-1", "strange");
    anomaly("a-2", "strange");

    assertThat(read(Topics.REMEDIATION_ESCALATIONS)).hasSize(1);
    assertThat(read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void anApprovedEscalationIsExecutedInTheTraceOfItsAnomaly() {
    TraceContext anomalyTrace = trace;
    failRestartsUntilEscalation();
    RemediationEscalation escalation = only(Topics.REMEDIATION_ESCALATIONS);
    read(Topics.REMEDIATION_COMMANDS);
    trace = TraceContext.start();

    approve(escalation, "p-1", true);

    TestRecord<String, RemediationCommand> command = record(Topics.REMEDIATION_COMMANDS);
    assertThat(command.value().getAction()).isEqualTo("restart_service");
    assertThat(command.value().getRequestedBy()).isEqualTo("operator");
    assertThat(
            new String(
                command.headers().lastHeader(EventHeaders.TRACEPARENT).value(),
                StandardCharsets.UTF_8))
        .contains(anomalyTrace.traceId());
  }

  @Test
  void aRefusedEscalationIsNotExecuted() {
    anomaly("a-1", "strange");

    approve(only(Topics.REMEDIATION_ESCALATIONS), "p-1", false);

    assertThat(read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void aDecisionThatComesTooLateIsRefused() {
    failRestartsUntilEscalation();
    RemediationEscalation escalation = only(Topics.REMEDIATION_ESCALATIONS);
    pass(Duration.ofHours(2));

    assertRefused(() -> approve(escalation, "p-1", true), "escalation_id");
  }

  @Test
  void anAnomalyThatComesTwiceIsAnalysedOnce() {
    anomaly("a-1", "high_memory");
    anomaly("a-1", "high_memory");

    assertThat(read(Topics.REMEDIATION_ANALYSES)).hasSize(1);
  }

  @Test
  void eventsThatMakeNoSenseAreRefused() {
    assertRefused(() -> metric("cpu_percent", Double.NaN), "value");
    assertRefused(() -> anomaly("a-1", "High Memory!"), "type");
    assertRefused(
        () ->
            send(
                Topics.HEALTH_METRICS,
                HealthMetric.newBuilder()
                    .setProject("other")
                    .setName("cpu_percent")
                    .setValue(1)
                    .build()),
        "key");
  }

  private void failRestartsUntilEscalation() {
    for (int i = 0; i < 3; i++) {
      anomaly("down-" + i, "down");
      List<RemediationCommand> commands = read(Topics.REMEDIATION_COMMANDS);
      commands.forEach(command -> outcome(command, OutcomeStatus.FAILED));
      pass(Duration.ofSeconds(61));
    }
  }

  private static void assertRefused(Runnable sending, String field) {
    assertThatThrownBy(sending::run)
        .isInstanceOf(StreamsException.class)
        .cause()
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining(field);
  }

  private void probe(boolean up, @Nullable Integer status, double ms) {
    pass(Duration.ofSeconds(10));
    send(
        Topics.HEALTH_PROBES,
        HealthProbe.newBuilder()
            .setProject(PROJECT)
            .setUrl("http://localhost:3010")
            .setUp(up)
            .setStatusCode(status)
            .setResponseTimeMs(ms)
            .setError(up ? null : "no connection")
            .setObservedAt(now)
            .build());
  }

  private void metric(String name, double value) {
    send(
        Topics.HEALTH_METRICS,
        HealthMetric.newBuilder().setProject(PROJECT).setName(name).setValue(value).build());
  }

  private void anomaly(String id, String type) {
    send(
        Topics.HEALTH_ANOMALIES,
        HealthAnomaly.newBuilder().setAnomalyId(id).setProject(PROJECT).setType(type).build());
  }

  private void outcome(RemediationCommand command, OutcomeStatus status) {
    send(
        Topics.REMEDIATION_OUTCOMES,
        RemediationOutcome.newBuilder()
            .setCommandId(command.getCommandId())
            .setProject(PROJECT)
            .setAction(command.getAction())
            .setStatus(status)
            .setOccurredAt(now)
            .build());
  }

  private void approve(RemediationEscalation escalation, String id, boolean approved) {
    send(
        Topics.REMEDIATION_APPROVALS,
        RemediationApproval.newBuilder()
            .setApprovalId(id)
            .setEscalationId(escalation.getEscalationId())
            .setProject(PROJECT)
            .setApproved(approved)
            .setDecidedBy("operator")
            .build());
  }

  private <T extends SpecificRecord> void send(Topic<T> topic, T value) {
    EventContext context =
        new EventContext(new EventId("event-" + events++), "test", now, trace, null);
    driver
        .createInputTopic(
            topic.name(), Serdes.String().serializer(), AvroSerdes.serde(topic).serializer())
        .pipeInput(
            new TestRecord<>(
                PROJECT, value, new RecordHeaders(EventHeaders.of(topic, PROJECT, context)), now));
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
    driver.advanceWallClockTime(duration);
  }

  private <T extends SpecificRecord> T only(Topic<T> topic) {
    List<T> values = read(topic);
    assertThat(values).hasSize(1);
    return requireNonNull(values.getFirst());
  }

  private <T extends SpecificRecord> List<T> read(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(), Serdes.String().deserializer(), AvroSerdes.serde(topic).deserializer())
        .readValuesToList();
  }

  private <T extends SpecificRecord> TestRecord<String, T> record(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(), Serdes.String().deserializer(), AvroSerdes.serde(topic).deserializer())
        .readRecord();
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    return properties;
  }
}
