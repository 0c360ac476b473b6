package dev.millrace.health;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthMetric;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.remediation.OutcomeStatus;
import dev.millrace.schemas.remediation.RemediationApproval;
import dev.millrace.schemas.remediation.RemediationCommand;
import dev.millrace.schemas.remediation.RemediationEscalation;
import dev.millrace.schemas.remediation.RemediationOutcome;
import dev.millrace.schemas.serde.SingleObjectSerde;
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

/** The topology without a broker, its clock, and the events that go in and come out. */
final class HealthDriver implements AutoCloseable {

  private static final Instant START = Instant.parse("2026-01-19T15:00:00Z");
  private static final String PROJECT = "email-blast";

  private final TopologyTestDriver driver;
  private Instant now = START;
  private int events;
  private TraceContext trace = TraceContext.start();
  private @Nullable String replayId;

  /** With the rules alone. */
  HealthDriver() {
    this(Map.of());
  }

  /**
   * @param environment how the app is configured
   */
  HealthDriver(Map<String, String> environment) {
    driver =
        new TopologyTestDriver(
            HealthTopology.build(
                "health-agents",
                HealthConfig.from(Environment.of(environment)),
                SingleObjectSerde::of),
            properties(),
            START);
  }

  @Override
  public void close() {
    driver.close();
  }

  Instant now() {
    return now;
  }

  /** The trace of the events that are sent. */
  TraceContext trace() {
    return trace;
  }

  void continueIn(TraceContext next) {
    trace = next;
  }

  /** All that is sent from now on comes from a replay. */
  void replay(String mark) {
    replayId = mark;
  }

  void probe(boolean up, @Nullable Integer status, double ms) {
    pass(Duration.ofSeconds(10));
    probeOf(now, up, status, ms);
  }

  /** A probe that was made at another time than it arrives. */
  void probeOf(Instant observedAt, boolean up, @Nullable Integer status, double ms) {
    send(
        Topics.HEALTH_PROBES,
        HealthProbe.newBuilder()
            .setProject(PROJECT)
            .setUrl("http://localhost:3010")
            .setUp(up)
            .setStatusCode(status)
            .setResponseTimeMs(ms)
            .setError(up ? null : "no connection")
            .setObservedAt(observedAt)
            .build());
  }

  void metric(String name, double value) {
    send(
        Topics.HEALTH_METRICS,
        HealthMetric.newBuilder().setProject(PROJECT).setName(name).setValue(value).build());
  }

  /** A sample that was taken at another time than it arrives. */
  void metricOf(Instant observedAt, String name, double value) {
    send(
        Topics.HEALTH_METRICS,
        HealthMetric.newBuilder()
            .setProject(PROJECT)
            .setName(name)
            .setValue(value)
            .setObservedAt(observedAt)
            .build());
  }

  void anomaly(String id, String type) {
    send(
        Topics.HEALTH_ANOMALIES,
        HealthAnomaly.newBuilder().setAnomalyId(id).setProject(PROJECT).setType(type).build());
  }

  void outcome(RemediationCommand command, OutcomeStatus status) {
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

  void approve(RemediationEscalation escalation, String id, boolean approved) {
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

  <T extends SpecificRecord> void send(Topic<T> topic, T value) {
    EventContext context =
        new EventContext(new EventId("event-" + events++), "test", now, trace, replayId);
    driver
        .createInputTopic(
            topic.name(), Serdes.String().serializer(), SingleObjectSerde.of(topic).serializer())
        .pipeInput(
            new TestRecord<>(
                PROJECT, value, new RecordHeaders(EventHeaders.of(topic, PROJECT, context)), now));
  }

  void pass(Duration duration) {
    now = now.plus(duration);
    driver.advanceWallClockTime(duration);
  }

  <T extends SpecificRecord> T only(Topic<T> topic) {
    List<T> values = read(topic);
    assertThat(values).hasSize(1);
    return requireNonNull(values.getFirst());
  }

  <T extends SpecificRecord> List<T> read(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(),
            Serdes.String().deserializer(),
            SingleObjectSerde.of(topic).deserializer())
        .readValuesToList();
  }

  <T extends SpecificRecord> TestRecord<String, T> record(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(),
            Serdes.String().deserializer(),
            SingleObjectSerde.of(topic).deserializer())
        .readRecord();
  }

  static void assertRefused(Runnable sending, String field) {
    assertThatThrownBy(sending::run)
        .isInstanceOf(StreamsException.class)
        .cause()
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining(field);
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    return properties;
  }
}
