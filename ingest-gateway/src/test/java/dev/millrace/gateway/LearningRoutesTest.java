package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.bearer;
import static dev.millrace.gateway.ScriptedPlanner.DAY;
import static dev.millrace.gateway.ScriptedPlanner.DONE;
import static dev.millrace.gateway.ScriptedPlanner.INTENT;
import static dev.millrace.gateway.ScriptedPlanner.plan;
import static dev.millrace.gateway.ScriptedPlanner.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.PlanStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The learning loop over HTTP: what is asked of the planner, and how its answers look. */
class LearningRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();
  private final ScriptedPlanner planner = new ScriptedPlanner(gateway);

  @ParameterizedTest
  @ValueSource(strings = {"/orchestrator", "/api/orchestrator", "/functions/v1/orchestrator"})
  void anIntentIsSynced(String prefix) {
    Answer answer = planner.post(prefix + "/intent.sync", INTENT);

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
    Answer answer = planner.post("/orchestrator/day.run", DAY);

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
      planner.post("/orchestrator/day.run", DAY);
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
        gateway.gateway.learning().saw(none);
      }
    });

    Answer answer = planner.post("/orchestrator/day.run", DAY);

    assertThat(answer.status()).isEqualTo(409);
  }

  @Test
  void aPlannerThatDoesNotAnswerIsSaidToBeAway() {
    gateway.sink.react(_ -> {});

    Answer answer = planner.post("/orchestrator/day.run", DAY);

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void aSessionIsDone() {
    Answer answer = planner.post("/orchestrator/day.done", DONE);

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
    Answer answer = planner.post("/orchestrator/day.done", DONE.replace("session-1", "session-9"));

    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void theStatusShowsWhatThePlannerJustSaid() {
    planner.post("/orchestrator/day.done", DONE);

    Answer answer = gateway.get("/orchestrator/status", "Authorization", bearer("learner-1"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/learning_stats/completed_sessions").asInt()).isEqualTo(2);
    assertThat(answer.json().get("user_id").asString()).isEqualTo("learner-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/orchestrator", "/api/orchestrator", "/functions/v1/orchestrator"})
  void theStatusMayBePostedFor(String prefix) {
    Answer answer = planner.post(prefix + "/status", "{\"name\": \"Functions\"}");
    Answer withoutBody = planner.post(prefix + "/status", "");

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

  @Test
  void anIntentToldAgainKeepsItsId() {
    String first =
        planner.post("/orchestrator/intent.sync", INTENT).json().get("intent_id").asString();

    String again =
        planner
            .post(
                "/orchestrator/intent.sync",
                INTENT.replace("Machine Learning", " machine learning").replace("60", "45"))
            .json()
            .get("intent_id")
            .asString();
    String other =
        planner
            .post("/orchestrator/intent.sync", INTENT.replace("Machine Learning", "French"))
            .json()
            .get("intent_id")
            .asString();

    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void aLearnerWhoIsForgottenHasNoStatus() {
    planner.post("/orchestrator/day.done", DONE);

    gateway.gateway.learning().forget("learner-1", Instant.now());

    Answer answer = gateway.get("/orchestrator/status", "Authorization", bearer("learner-1"));
    assertThat(answer.json().at("/learning_stats/completed_sessions").asInt(-1)).isZero();
  }

  @Test
  void aStatusFromBeforeTheLearnerWasForgottenIsNotTold() {
    gateway.gateway.learning().forget("learner-1", Instant.now().plusSeconds(60));

    gateway.gateway.learning().saw(status(null, LearningOutcome.ACCEPTED));

    Answer answer = gateway.get("/orchestrator/status", "Authorization", bearer("learner-1"));
    assertThat(answer.json().at("/learning_stats/completed_sessions").asInt(-1)).isZero();
  }
}
