package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.bearer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningStats;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.PlanStatus;
import dev.millrace.schemas.learning.SignalQuality;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class LearningRoutesTest {

  private static final String INTENT =
      """
      {"topic": "Machine Learning", "depth": "informed", "end_goal": "Build models",
       "time_per_day_min": 60, "user_tz": "America/New_York",
       "meta": {"learning_style": "project-first"}}
      """;
  private static final String DAY = "{\"week\": 1, \"day\": 3, \"force_refresh\": false}";
  private static final String DONE =
      """
      {"session_id": "session-1", "completion_time_min": 45, "confidence": 7, "notes": "hard"}
      """;

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @BeforeEach
  void start() {
    gateway.sink.react(written -> {
      switch (written.value()) {
        case LearningIntent intent ->
            gateway.gateway.saw(status(intent.getRequestId(), LearningOutcome.ACCEPTED));
        case LearningPlanRequest request -> gateway.gateway.saw(plan(request));
        case LearningCompletion completion ->
            gateway.gateway.saw(
                status(
                    completion.getRequestId(),
                    completion.getSessionId().equals("session-1")
                        ? LearningOutcome.ACCEPTED
                        : LearningOutcome.SESSION_NOT_FOUND));
        default -> {}
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/orchestrator", "/api/orchestrator", "/functions/v1/orchestrator"})
  void anIntentIsSynced(String prefix) {
    Answer answer = post(prefix + "/intent.sync", INTENT);

    assertThat(answer.status()).isEqualTo(200);
    LearningIntent intent = gateway.sink.values(Topics.LEARNING_INTENTS).getFirst();
    assertThat(answer.json().propertyNames())
        .containsExactly(
            "intent_id",
            "active",
            "topic",
            "depth",
            "end_goal",
            "time_per_day_min",
            "user_tz",
            "created_at");
    assertThat(answer.json().get("intent_id").asString()).isEqualTo(intent.getIntentId());
    assertThat(intent.getUserId()).isEqualTo("learner-1");
    assertThat(intent.getMeta()).containsEntry("learning_style", "project-first");
  }

  @Test
  void aPlanIsAnsweredAsThePlannerMadeIt() {
    Answer answer = post("/orchestrator/day.run", DAY);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"session_id\":\"session-1\",\"plan_md\":\"# Plan\",\"plan_json_summary\":"
                + "{\"title\":\"Networks\",\"description\":\"About them\",\"steps\":[\"Read\",\"Try\"]},"
                + "\"degraded_mode\":false,\"cache_hits\":3,\"cache_misses\":1,"
                + "\"signal_quality\":{\"clo\":{\"available\":true,\"fresh\":true}}}");
  }

  @Test
  void everyCallLeavesALineWithWhatItTook() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger("dev.millrace.gateway.access");
    log.setLevel(Level.INFO);
    log.addAppender(lines);
    try {
      post("/orchestrator/day.run", DAY);
      await().until(() -> !lines.list.isEmpty());
    } finally {
      log.detachAppender(lines);
      log.setLevel(null);
    }

    assertThat(lines.list.getFirst().getKeyValuePairs())
        .extracting(pair -> pair.key)
        .contains(
            "function",
            "user_id",
            "execution_time_ms",
            "cache_hits",
            "cache_misses",
            "degraded_mode");
  }

  @Test
  void withoutAnIntentThereIsNoPlan() {
    gateway.sink.react(written -> {
      if (written.value() instanceof LearningPlanRequest request) {
        LearningPlan none =
            LearningPlan.newBuilder(plan(request)).setStatus(PlanStatus.NO_ACTIVE_INTENT).build();
        gateway.gateway.saw(none);
      }
    });

    Answer answer = post("/orchestrator/day.run", DAY);

    assertThat(answer.status()).isEqualTo(409);
  }

  @Test
  void aPlannerThatDoesNotAnswerIsSaidToBeAway() {
    gateway.sink.react(_ -> {});

    Answer answer = post("/orchestrator/day.run", DAY);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void aSessionIsDone() {
    Answer answer = post("/orchestrator/day.done", DONE);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactly("ok", "next_day_hint", "completion_summary");
    assertThat(answer.json().at("/completion_summary").propertyNames())
        .containsExactly(
            "session_id", "completion_time_min", "confidence", "notes", "completed_at");
    assertThat(answer.json().get("next_day_hint").asString()).isEqualTo("Go on");
  }

  @Test
  void anUnknownSessionIsNotFound() {
    Answer answer = post("/orchestrator/day.done", DONE.replace("session-1", "session-9"));

    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void theStatusShowsWhatThePlannerJustSaid() {
    post("/orchestrator/day.done", DONE);

    Answer answer = gateway.get("/orchestrator/status", "Authorization", bearer("learner-1"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/learning_stats/completed_sessions").asInt()).isEqualTo(2);
    assertThat(answer.json().get("user_id").asString()).isEqualTo("learner-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/orchestrator", "/api/orchestrator", "/functions/v1/orchestrator"})
  void theStatusMayBePostedFor(String prefix) {
    Answer answer = post(prefix + "/status", "{\"name\": \"Functions\"}");
    Answer withoutBody = post(prefix + "/status", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("user_id").asString()).isEqualTo("learner-1");
    assertThat(withoutBody.status()).isEqualTo(200);
  }

  @Test
  void somebodyWhoNeverLearnedHasAnEmptyStatus() {
    Answer answer = gateway.get("/orchestrator/status", "Authorization", bearer("somebody"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("active_intent").isNull()).isTrue();
    assertThat(answer.json().at("/signal_freshness/socratic/available").asBoolean(true)).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          intent.sync | {"depth": "surface", "end_goal": "x", "time_per_day_min": 30}                | /topic
          intent.sync | {"topic": "x", "depth": "abyssal", "end_goal": "x", "time_per_day_min": 30}  | /depth
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": "x", "time_per_day_min": "an hour"} | /time_per_day_min
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": "x", "time_per_day_min": 30, "user_tz": "Mars/Olympus"} | /user_tz
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": "x", "time_per_day_min": 30, "user_tz": "+05:45"} | /user_tz
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": " ", "time_per_day_min": 30}    | /end_goal
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": "x", "time_per_day_min": 30, "meta": {"learning_style": " "}} | /meta/learning_style
          day.run     | {"week": 1, "day": 8}                                                        | /day
          day.run     | {"week": 0, "day": 1}                                                        | /week
          day.done    | {"session_id": "s", "completion_time_min": 5, "confidence": 11}              | /confidence
          day.done    | {"session_id": "s", "completion_time_min": 5, "confidence": 0}               | /confidence
          day.done    | {"completion_time_min": 5, "confidence": 5}                                  | /session_id
          """)
  void badInputIsRefusedByField(String endpoint, String body, String field) {
    Answer answer = post("/orchestrator/" + endpoint, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly(field);
  }

  @Test
  void aSignalThatNoPlanCanUseIsRefused() {
    Answer answer =
        gateway.postWithKey(
            "/api/learning/signals",
            "{\"user_id\": \"learner-1\", \"agent\": \"clo\", \"data\": {\"steps\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/data/steps");
  }

  @Test
  void anotherUsersIdInTheHeaderIsRefused() {
    Answer answer =
        gateway.post(
            "/orchestrator/intent.sync",
            INTENT,
            "Authorization",
            bearer("learner-1"),
            "X-User-ID",
            "learner-2");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(gateway.sink.on(Topics.LEARNING_INTENTS)).isEmpty();
  }

  @Test
  void theOwnIdInTheHeaderIsFine() {
    Answer answer =
        gateway.post(
            "/orchestrator/intent.sync",
            INTENT,
            "Authorization",
            bearer("learner-1"),
            "X-User-ID",
            "learner-1");

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void anApiKeyIsNoToken() {
    assertThat(gateway.postWithKey("/orchestrator/intent.sync", INTENT).status()).isEqualTo(401);
    assertThat(gateway.get("/orchestrator/status").status()).isEqualTo(401);
  }

  @Test
  void aLearnerIsLimited() {
    try (GatewayFixture limited =
        GatewayFixture.start(Map.of("RATE_LIMIT_LEARNER_PER_SECOND", "1"))) {
      limited.get("/orchestrator/status", "Authorization", bearer("learner-1"));
      limited.get("/orchestrator/status", "Authorization", bearer("learner-1"));

      Answer third = limited.get("/orchestrator/status", "Authorization", bearer("learner-1"));

      assertThat(third.status()).isEqualTo(429);
    }
  }

  @Test
  void aSignalIsRecorded() {
    Answer answer =
        gateway.postWithKey(
            "/api/learning/signals",
            "{\"user_id\": \"learner-1\", \"agent\": \"clo\", \"etag\": \"v1\", \"data\": {\"focus\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(200);
    LearningSignal signal = gateway.sink.values(Topics.LEARNING_SIGNALS).getFirst();
    assertThat(signal.getOk()).isTrue();
    assertThat(signal.getData()).isEqualTo("{\"focus\":\"x\"}");
  }

  private Answer post(String path, String body) {
    return gateway.post(path, body, "Authorization", bearer("learner-1"));
  }

  private static LearningPlan plan(LearningPlanRequest request) {
    return LearningPlan.newBuilder()
        .setSessionId("session-1")
        .setRequestId(request.getRequestId())
        .setUserId(request.getUserId())
        .setStatus(PlanStatus.PLANNED)
        .setWeek(request.getWeek())
        .setDay(request.getDay())
        .setTitle("Networks")
        .setDescription("About them")
        .setSteps(List.of("Read", "Try"))
        .setPlanMd("# Plan")
        .setCacheHits(3)
        .setCacheMisses(1)
        .setSignalQuality(
            Map.of("clo", SignalQuality.newBuilder().setAvailable(true).setFresh(true).build()))
        .setCreatedAt(Instant.now())
        .build();
  }

  private static LearningStatus status(@Nullable String requestId, LearningOutcome outcome) {
    return LearningStatus.newBuilder()
        .setUserId("learner-1")
        .setRequestId(requestId)
        .setOutcome(outcome)
        .setNextDayHint("Go on")
        .setLearningStats(
            LearningStats.newBuilder()
                .setTotalSessions(2)
                .setCompletedSessions(2)
                .setTotalTimeMin(90)
                .setAverageConfidence(7.5)
                .setCurrentStreakDays(2)
                .build())
        .setUpdatedAt(Instant.now())
        .build();
  }
}
