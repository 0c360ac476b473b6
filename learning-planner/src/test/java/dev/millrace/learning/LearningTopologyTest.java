package dev.millrace.learning;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.learning.learner.Learner;
import dev.millrace.learning.learner.LearnerRules;
import dev.millrace.learning.plan.OfflinePlanGenerator;
import dev.millrace.learning.signal.Freshness;
import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.runtime.streams.InvalidEventException;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.PlanStatus;
import dev.millrace.schemas.learning.SignalQuality;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LearningTopologyTest {

  private static final Instant NOW = Instant.parse("2026-01-19T15:00:00Z");
  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final String USER = "user-1";
  private static final String DATA =
      """
      {"focus": "Neural Network Fundamentals", "steps": ["Review basics", "Build a small net"],
       "notes": "Start slowly."}\
      """;

  private final TopologyTestDriver driver =
      new TopologyTestDriver(
          LearningTopology.build(
              new Learner(new LearnerRules(Freshness.DEFAULT, WAIT, 3), new OfflinePlanGenerator()),
              SingleObjectSerde::of,
              new SimpleMeterRegistry()),
          properties(),
          NOW);
  private Instant now = NOW;
  private int events;

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void anIntentIsAnsweredWithWhereTheLearnerStands() {
    send(Topics.LEARNING_INTENTS, intent("America/New_York").setRequestId("r-1").build());

    LearningStatus status = onlyStatus();
    assertThat(status.getRequestId()).isEqualTo("r-1");
    assertThat(status.getOutcome()).isEqualTo(LearningOutcome.ACCEPTED);
    assertThat(status.getActiveIntent().getTopic()).isEqualTo("Machine Learning");
    assertThat(status.getActiveIntent().getCreatedAt()).isEqualTo(NOW);
    assertThat(status.getSignalFreshness()).hasSize(4);
    assertThat(status.getNextScheduledRun().getDay()).isEqualTo(1);
    assertThat(status.getNextScheduledRun().getEstimatedTime())
        .isEqualTo(Instant.parse("2026-01-20T13:00:00Z"));
  }

  @Test
  void aPlanNeedsAnActiveIntent() {
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(plans())
        .singleElement()
        .satisfies(plan -> {
          assertThat(plan.getStatus()).isEqualTo(PlanStatus.NO_ACTIVE_INTENT);
          assertThat(plan.getRequestId()).isEqualTo("r-1");
        });
  }

  @Test
  void anEndedIntentIsNotActive() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    send(Topics.LEARNING_INTENTS, intent("UTC").setActive(false).build());

    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(plans())
        .extracting(LearningPlan::getStatus)
        .containsExactly(PlanStatus.NO_ACTIVE_INTENT);
  }

  @Test
  void freshSignalsMakeAPlanAtOnce() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);

    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));

    LearningPlan plan = onlyPlan();
    assertThat(plan.getCacheHits()).isEqualTo(4);
    assertThat(plan.getCacheMisses()).isZero();
    assertThat(plan.getDegradedMode()).isFalse();
    assertThat(plan.getGenerator()).isEqualTo("offline");
    assertThat(plan.getTitle()).isEqualTo("Neural Network Fundamentals");
    assertThat(plan.getPlanMd())
        .startsWith("# Daily Learning Plan\n\n## Today's Focus: Neural Network Fundamentals\n");
    assertThat(plan.getSteps()).startsWith("Review basics (10 min)", "Build a small net (10 min)");
    assertThat(quality(plan, "ta").getFresh()).isTrue();
    assertThat(signalRequests()).isEmpty();
  }

  @Test
  void aStaleSignalIsAskedForAndThePlanWaitsForIt() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);
    pass(Duration.ofHours(13));

    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));

    assertThat(plans()).isEmpty();
    LearningSignalRequest asked = signalRequests().getFirst();
    assertThat(asked.getAgent()).isEqualTo("ta");
    assertThat(asked.getIfNoneMatch()).isEqualTo("v1");
    say("ta", "{}", "v1", asked.getRequestId());
    LearningPlan plan = onlyPlan();
    assertThat(plan.getCacheHits()).isEqualTo(3);
    assertThat(plan.getCacheMisses()).isEqualTo(1);
    assertThat(plan.getDegradedMode()).isFalse();
    assertThat(plan.getPlanMd()).contains("ta: Start slowly.");
  }

  @Test
  void aPlanThatNobodyAnswersForIsMadeFromWhatThereIs() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    assertThat(signalRequests()).hasSize(4);
    assertThat(plans()).isEmpty();

    pass(WAIT);

    LearningPlan plan = onlyPlan();
    assertThat(plan.getStatus()).isEqualTo(PlanStatus.PLANNED);
    assertThat(plan.getDegradedMode()).isTrue();
    assertThat(plan.getCacheMisses()).isEqualTo(4);
    assertThat(plan.getSteps()).isNotEmpty();
    assertThat(plan.getTitle()).startsWith("Machine Learning");
  }

  @Test
  void aFailedAgentIsNotWaitedFor() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);
    pass(Duration.ofHours(13));
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    LearningSignal failed =
        LearningSignal.newBuilder()
            .setUserId(USER)
            .setAgent("ta")
            .setOk(false)
            .setCode("TIMEOUT")
            .setRequestId(signalRequests().getFirst().getRequestId())
            .build();
    send(Topics.LEARNING_SIGNALS, failed);

    LearningPlan plan = onlyPlan();
    assertThat(plan.getDegradedMode()).isTrue();
    assertThat(quality(plan, "ta").getAvailable()).isTrue();
    assertThat(quality(plan, "ta").getFresh()).isFalse();
  }

  @Test
  void aForcedRefreshAsksEveryAgent() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);

    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, true));

    assertThat(signalRequests()).hasSize(4);
    assertThat(plans()).isEmpty();
    allAgentsSay("{\"focus\": \"Newer\"}", "v2");
    LearningPlan plan = onlyPlan();
    assertThat(plan.getTitle()).isEqualTo("Newer");
    assertThat(plan.getCacheHits()).isZero();
    assertThat(plan.getCacheMisses()).isEqualTo(4);
    assertThat(plan.getDegradedMode()).isFalse();
  }

  @Test
  void aPlanRequestThatComesTwiceIsAnsweredOnce() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(plans()).hasSize(1);
    assertThat(statuses().getLast().getLearningStats().getTotalSessions()).isEqualTo(1);
  }

  @Test
  void aDayThatIsPlannedAgainKeepsItsSession() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-2", 1, 1, false));

    assertThat(plans())
        .extracting(LearningPlan::getSessionId)
        .hasSize(2)
        .containsOnly(statuses().getLast().getLatestSession().getSessionId());
  }

  @Test
  void aCompletionIsCountedAndAdvised() {
    send(Topics.LEARNING_INTENTS, intent("America/New_York").build());
    allAgentsSay(DATA);
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));
    String session = onlyPlan().getSessionId();
    statuses();

    send(Topics.LEARNING_COMPLETIONS, completion(session, 45, 7, "r-2"));

    LearningStatus status = onlyStatus();
    assertThat(status.getRequestId()).isEqualTo("r-2");
    assertThat(status.getNextDayHint()).contains("For day 4,");
    assertThat(status.getLatestSession().getCompletion().getConfidence()).isEqualTo(7);
    assertThat(status.getLearningStats().getCompletedSessions()).isEqualTo(1);
    assertThat(status.getLearningStats().getTotalTimeMin()).isEqualTo(45);
    assertThat(status.getLearningStats().getAverageConfidence()).isEqualTo(7.0);
    assertThat(status.getLearningStats().getCurrentStreakDays()).isEqualTo(1);
    assertThat(status.getLearningStats().getLastCompletedOn()).isEqualTo("2026-01-19");
    assertThat(status.getNextScheduledRun().getDay()).isEqualTo(4);
  }

  @Test
  void aSessionReportedAgainIsCorrectedNotCountedTwice() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));
    String session = onlyPlan().getSessionId();
    send(Topics.LEARNING_COMPLETIONS, completion(session, 45, 7, "r-2"));

    send(Topics.LEARNING_COMPLETIONS, completion(session, 50, 9, "r-3"));

    LearningStatus status = statuses().getLast();
    assertThat(status.getLearningStats().getCompletedSessions()).isEqualTo(1);
    assertThat(status.getLearningStats().getTotalTimeMin()).isEqualTo(50);
    assertThat(status.getLearningStats().getAverageConfidence()).isEqualTo(9.0);
  }

  @Test
  void anUnknownSessionIsNotFound() {
    send(Topics.LEARNING_COMPLETIONS, completion("nowhere", 45, 7, "r-2"));

    LearningStatus status = onlyStatus();
    assertThat(status.getOutcome()).isEqualTo(LearningOutcome.SESSION_NOT_FOUND);
    assertThat(status.getRequestId()).isEqualTo("r-2");
    assertThat(status.getNextDayHint()).isNull();
  }

  @Test
  void signalsThatSayNothingNewChangeNoStatus() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    allAgentsSay(DATA);
    assertThat(statuses()).hasSize(5);

    allAgentsSay(DATA);

    assertThat(statuses()).isEmpty();
  }

  @Test
  void aTombstoneAmongTheIntentsForgetsTheLearner() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());

    send(Topics.LEARNING_INTENTS, null);

    List<@Nullable LearningStatus> statuses = statuses();
    assertThat(statuses.getLast()).isNull();
    assertThat(driver.getKeyValueStore(LearningTopology.LEARNERS_STORE).get(USER)).isNull();
  }

  @Test
  void whatFollowsStaysInTheTraceOfItsCause() {
    send(Topics.LEARNING_INTENTS, intent("UTC").build());
    TraceContext trace = TraceContext.start();
    send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false), trace);
    pass(WAIT);

    TestRecord<String, LearningPlan> plan =
        driver
            .createOutputTopic(
                Topics.LEARNING_PLANS.name(),
                Serdes.String().deserializer(),
                SingleObjectSerde.of(Topics.LEARNING_PLANS).deserializer())
            .readRecord();

    String traceparent =
        new String(
            plan.headers().lastHeader(EventHeaders.TRACEPARENT).value(), StandardCharsets.UTF_8);
    assertThat(traceparent).contains(trace.traceId());
    assertThat(plan.headers().lastHeader(EventHeaders.ID)).isNotNull();
  }

  @Test
  void eventsThatMakeNoSenseAreRefused() {
    assertRefused(Topics.LEARNING_INTENTS, intent("Mars/Base").build(), "user_tz");
    assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setTimePerDayMin(0).build(), "time_per_day_min");
    assertRefused(Topics.LEARNING_INTENTS, intent("UTC").setUserId("other").build(), "key");
    assertRefused(Topics.LEARNING_COMPLETIONS, completion("s", 45, 11, "r"), "confidence");
    assertRefused(Topics.LEARNING_PLAN_REQUESTS, planRequest("r", 1, 8, false), "day");
    assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder().setUserId(USER).setAgent("bob").build(),
        "agent");
    assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder().setUserId(USER).setAgent("clo").setData("[]").build(),
        "data");
  }

  private <T extends SpecificRecord> void assertRefused(Topic<T> topic, T value, String field) {
    assertThatThrownBy(() -> send(topic, value))
        .isInstanceOf(StreamsException.class)
        .cause()
        .isInstanceOf(InvalidEventException.class)
        .hasMessageContaining(field);
  }

  private static LearningIntent.Builder intent(String zone) {
    return LearningIntent.newBuilder()
        .setIntentId("intent-1")
        .setUserId(USER)
        .setTopic("Machine Learning")
        .setDepth("informed")
        .setEndGoal("Build production models")
        .setTimePerDayMin(60)
        .setUserTz(zone);
  }

  private static LearningPlanRequest planRequest(
      String id, int week, int day, boolean forceRefresh) {
    return LearningPlanRequest.newBuilder()
        .setRequestId(id)
        .setUserId(USER)
        .setWeek(week)
        .setDay(day)
        .setForceRefresh(forceRefresh)
        .build();
  }

  private static LearningCompletion completion(
      String session, int minutes, int confidence, String requestId) {
    return LearningCompletion.newBuilder()
        .setSessionId(session)
        .setUserId(USER)
        .setCompletionTimeMin(minutes)
        .setConfidence(confidence)
        .setRequestId(requestId)
        .build();
  }

  private void allAgentsSay(String data) {
    allAgentsSay(data, "v1");
  }

  private void allAgentsSay(String data, String etag) {
    for (SignalAgent agent : SignalAgent.values()) {
      say(agent.wireName(), data, etag, null);
    }
  }

  private void say(String agent, String data, String etag, @Nullable String requestId) {
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

  private <T extends SpecificRecord> void send(Topic<T> topic, @Nullable T value) {
    send(topic, value, TraceContext.start());
  }

  private <T extends SpecificRecord> void send(
      Topic<T> topic, @Nullable T value, TraceContext trace) {
    EventContext context =
        new EventContext(new EventId("event-" + events++), "test", now, trace, null);
    driver
        .createInputTopic(
            topic.name(), Serdes.String().serializer(), SingleObjectSerde.of(topic).serializer())
        .pipeInput(
            new TestRecord<>(
                USER, value, new RecordHeaders(EventHeaders.of(topic, USER, context)), now));
  }

  private void pass(Duration duration) {
    now = now.plus(duration);
    driver.advanceWallClockTime(duration);
  }

  private static SignalQuality quality(LearningPlan plan, String agent) {
    return requireNonNull(plan.getSignalQuality().get(agent));
  }

  private LearningPlan onlyPlan() {
    List<LearningPlan> plans = plans();
    assertThat(plans).hasSize(1);
    return plans.getFirst();
  }

  private LearningStatus onlyStatus() {
    List<LearningStatus> statuses = statuses();
    assertThat(statuses).hasSize(1);
    return statuses.getFirst();
  }

  private List<LearningPlan> plans() {
    return read(Topics.LEARNING_PLANS);
  }

  private List<LearningStatus> statuses() {
    return read(Topics.LEARNING_STATUSES);
  }

  private List<LearningSignalRequest> signalRequests() {
    return read(Topics.LEARNING_SIGNAL_REQUESTS);
  }

  private <T extends SpecificRecord> List<T> read(Topic<T> topic) {
    return driver
        .createOutputTopic(
            topic.name(), Serdes.String().deserializer(), SingleObjectSerde.of(topic).deserializer())
        .readValuesToList();
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    return properties;
  }
}
