package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.learning.LearningPlannerApp;
import dev.millrace.standalone.it.ScriptedAgents.Call;
import dev.millrace.standalone.it.ScriptedAgents.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signal agents that are called over HTTP, from a plan's request to the plan. */
@ExtendWith(WithMillrace.class)
class LearningAgentsIT {

  private static ScriptedAgents agents;
  private static AppBeside planner;

  @BeforeAll
  static void start(Millrace millrace) throws IOException {
    agents = new ScriptedAgents();
    planner = AppBeside.inPlaceOf(millrace, new LearningPlannerApp(), agents.environment());
  }

  @AfterAll
  static void stop() {
    planner.close();
    agents.close();
  }

  @BeforeEach
  void reset() {
    agents.reset();
  }

  @Test
  void allAgentsAreCalledAtOnceAsAgreed(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    String intent = learner.learns(Learner.INTENT);
    agents.answerTogether(4);

    // when
    JsonNode plan = learner.plan(1);

    // then
    assertThat(plan.path("degraded_mode").asBoolean(true)).isFalse();
    assertThat(plan.path("cache_misses").asInt()).isEqualTo(4);
    assertThat(plan.at("/signal_quality/ta/fresh").asBoolean()).isTrue();
    assertThat(plan.at("/plan_json_summary/title").asText()).isEqualTo("Focus of clo");
    assertThat(agents.calls(learner))
        .extracting(Call::agent)
        .containsExactlyInAnyOrderElementsOf(Learner.AGENTS);
    assertThat(agents.calls(learner)).extracting(Call::idempotencyKey).doesNotHaveDuplicates();
    assertThat(agents.calls(learner))
        .allSatisfy(call -> {
          assertThat(call.authorization()).isEqualTo("Bearer not-a-real-token");
          assertThat(call.ifNoneMatch()).isNull();
          assertThat(call.body().path("user_id").asText()).isEqualTo(learner.user());
          assertThat(call.body().path("intent_id").asText()).isEqualTo(intent);
          assertThat(call.body().path("topic").asText()).isEqualTo("Machine Learning");
        });
  }

  @Test
  void whatAgentsSaidIsNotAskedForAgainUntilItIsForced(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    learner.plan(1);
    assertThat(learner.plan(2).path("cache_hits").asInt()).isEqualTo(4);
    agents.reset();

    // when
    JsonNode forced =
        learner
            .post("/orchestrator/day.run", "{\"week\":1,\"day\":3,\"force_refresh\":true}")
            .json();

    // then
    assertThat(forced.path("cache_misses").asInt()).isEqualTo(4);
    assertThat(forced.path("degraded_mode").asBoolean(true)).isFalse();
    assertThat(agents.calls(learner)).hasSize(4).extracting(Call::ifNoneMatch).containsOnlyNulls();
  }

  @Test
  void anAgentThatHasNothingNewKeepsWhatItSaid(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    learner.hears(
        "ta",
        "\"etag\":\"\\\"v1\\\"\",\"data\":{\"notes\":\"Of yesterday.\"},\"observed_at\":\"%s\""
            .formatted(Instant.now().minus(Duration.ofHours(20))));

    // when
    JsonNode plan = learner.plan(1);

    // then
    assertThat(agents.calls(learner, "ta")).extracting(Call::ifNoneMatch).containsExactly("\"v1\"");
    assertThat(plan.path("plan_md").asText()).contains("ta: Of yesterday.");
    assertThat(plan.at("/signal_quality/ta/fresh").asBoolean()).isTrue();
    assertThat(plan.path("degraded_mode").asBoolean(true)).isFalse();
  }

  @Test
  void agentsThatAreBusyOrFailOnceAreAskedAgain(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    agents.reply("clo", new Reply(429, Map.of("Retry-After", "2"), ""));
    agents.reply("alex", new Reply(503, Map.of(), ""), new Reply(500, Map.of(), ""));

    // when
    JsonNode plan = learner.plan(1);

    // then
    assertThat(plan.path("degraded_mode").asBoolean(true)).isFalse();
    assertThat(agents.calls(learner, "clo")).hasSize(2);
    assertThat(agents.calls(learner, "alex"))
        .hasSize(3)
        .extracting(Call::idempotencyKey)
        .containsOnly(agents.calls(learner, "alex").getFirst().idempotencyKey());
  }

  @Test
  void anAgentThatRefusesDegradesThePlan(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    learner.plan(1);
    agents.reply(
        "socratic",
        new Reply(403, Map.of(), "{\"ok\":false,\"error\":\"none\",\"code\":\"NO_CONSENT\"}"));

    // when
    JsonNode plan =
        learner
            .post("/orchestrator/day.run", "{\"week\":1,\"day\":2,\"force_refresh\":true}")
            .json();

    // then
    assertThat(plan.path("degraded_mode").asBoolean()).isTrue();
    assertThat(plan.at("/signal_quality/socratic/available").asBoolean()).isTrue();
    eventually()
        .untilAsserted(() ->
            assertThat(learner.status().at("/latest_session/degraded_mode").asBoolean()).isTrue());
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT payload->>'code' FROM audit.records WHERE topic = 'learning.signals'"
                            + " AND key = ? AND payload->>'ok' = 'false'",
                        learner.user()))
                .containsExactly("NO_CONSENT"));
  }

  @Test
  void anAgentThatDoesNotComeToAnEndDegradesThePlanAndHoldsUpNobody(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    agents.stall("ta");

    // when
    JsonNode plan = learner.plan(1);

    // then
    assertThat(plan.path("degraded_mode").asBoolean()).isTrue();
    assertThat(plan.at("/signal_quality/ta/available").asBoolean(true)).isFalse();
    assertThat(plan.at("/signal_quality/clo/fresh").asBoolean()).isTrue();
    assertThat(plan.at("/plan_json_summary/title").asText()).isEqualTo("Focus of clo");
  }
}
