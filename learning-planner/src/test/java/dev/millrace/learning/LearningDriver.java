package dev.millrace.learning;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.learning.learner.Learner;
import dev.millrace.learning.learner.LearnerRules;
import dev.millrace.learning.learner.LearnerState;
import dev.millrace.learning.plan.OfflinePlanGenerator;
import dev.millrace.learning.signal.Freshness;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.SignalQuality;
import dev.millrace.schemas.serde.SingleObjectSerde;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The topology without a broker, its clock, and the events of one learner. */
final class LearningDriver implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-19T15:00:00Z");
  static final Duration WAIT = Duration.ofSeconds(3);
  static final String USER = "user-1";
  static final String DATA =
      """
      {"focus": "Neural Network Fundamentals", "steps": ["Review basics", "Build a small net"],
       "notes": "Start slowly."}\
      """;

  private final TopologyTestDriver driver;
  private Instant now = START;
  private int events;

  /** Where signals come from elsewhere. */
  LearningDriver() {
    this(false);
  }

  /** A driver where agents are called, or are not. */
  LearningDriver(boolean agentsAreCalled) {
    LearnerRules rules = new LearnerRules(Freshness.DEFAULT, WAIT, agentsAreCalled, 3);
    driver =
        new TopologyTestDriver(
            LearningTopology.build(
                new Learner(rules, new OfflinePlanGenerator()),
                SingleObjectSerde::of,
                new SimpleMeterRegistry()),
            properties(),
            START);
  }

  @Override
  public void close() {
    driver.close();
  }

  /** Whether anything is kept of the learner. */
  boolean knowsLearner() {
    return learner() != null;
  }

  /** What is kept of the learner. */
  @Nullable LearnerState learner() {
    return driver.<String, LearnerState>getKeyValueStore(LearningTopology.LEARNERS_STORE).get(USER);
  }

  <T extends SpecificRecord> TestRecord<String, T> record(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(),
            Serdes.String().deserializer(),
            SingleObjectSerde.of(topic).deserializer())
        .readRecord();
  }

  static LearningIntent.Builder intent(String zone) {
    return LearningIntent.newBuilder()
        .setIntentId("intent-1")
        .setUserId(USER)
        .setTopic("Machine Learning")
        .setDepth("informed")
        .setEndGoal("Build production models")
        .setTimePerDayMin(60)
        .setUserTz(zone);
  }

  static LearningPlanRequest planRequest(String id, int week, int day, boolean forceRefresh) {
    return LearningPlanRequest.newBuilder()
        .setRequestId(id)
        .setUserId(USER)
        .setWeek(week)
        .setDay(day)
        .setForceRefresh(forceRefresh)
        .build();
  }

  static LearningCompletion completion(
      String session, int minutes, int confidence, String requestId) {
    return LearningCompletion.newBuilder()
        .setSessionId(session)
        .setUserId(USER)
        .setCompletionTimeMin(minutes)
        .setConfidence(confidence)
        .setRequestId(requestId)
        .build();
  }

  void allAgentsSay(String data) {
    allAgentsSay(data, "v1");
  }

  void allAgentsSay(String data, String etag) {
    for (SignalAgent agent : SignalAgent.values()) {
      say(agent.wireName(), data, etag, null);
    }
  }

  void say(String agent, String data, String etag, @Nullable String requestId) {
    send(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder()
            .setUserId(USER)
            .setAgent(agent)
            .setData(data)
            .setEtag(etag)
            .setRequestId(requestId)
            .build());
  }

  <T extends SpecificRecord> void send(Topic<T> topic, @Nullable T value) {
    send(topic, value, TraceContext.start());
  }

  <T extends SpecificRecord> void send(Topic<T> topic, @Nullable T value, TraceContext trace) {
    EventContext context =
        new EventContext(new EventId("event-" + events++), "test", now, trace, null);
    driver
        .createInputTopic(
            topic.name(), Serdes.String().serializer(), SingleObjectSerde.of(topic).serializer())
        .pipeInput(
            new TestRecord<>(
                USER, value, new RecordHeaders(EventHeaders.of(topic, USER, context)), now));
  }

  void pass(Duration duration) {
    now = now.plus(duration);
    driver.advanceWallClockTime(duration);
  }

  static SignalQuality quality(LearningPlan plan, String agent) {
    return requireNonNull(plan.getSignalQuality().get(agent));
  }

  LearningPlan onlyPlan() {
    List<LearningPlan> plans = plans();
    assertThat(plans).hasSize(1);
    return plans.getFirst();
  }

  LearningStatus onlyStatus() {
    List<LearningStatus> statuses = statuses();
    assertThat(statuses).hasSize(1);
    return statuses.getFirst();
  }

  List<LearningPlan> plans() {
    return read(Topics.LEARNING_PLANS);
  }

  List<LearningStatus> statuses() {
    return read(Topics.LEARNING_STATUSES);
  }

  List<LearningSignalRequest> signalRequests() {
    return read(Topics.LEARNING_SIGNAL_REQUESTS);
  }

  <T extends SpecificRecord> List<T> read(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(),
            Serdes.String().deserializer(),
            SingleObjectSerde.of(topic).deserializer())
        .readValuesToList();
  }

  <T extends SpecificRecord> void assertRefused(Topic<T> topic, T value, String field) {
    assertThatThrownBy(() -> send(topic, value))
        .isInstanceOf(StreamsException.class)
        .cause()
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining(field);
  }

  static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    return properties;
  }
}
