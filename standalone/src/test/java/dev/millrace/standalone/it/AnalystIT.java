package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.fixture.FakeApi;
import dev.millrace.fixture.FakeApi.Request;
import dev.millrace.fixture.ModelApi;
import dev.millrace.health.HealthAgentsApp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Anomalies that a model looks at, on the running pipeline. */
@ExtendWith(WithMillrace.class)
class AnalystIT {

  private static final ModelApi PROVIDER = ModelApi.ANTHROPIC;

  private static FakeApi api;
  private static AppBeside analyst;

  private final String project = "it-" + UUID.randomUUID();

  @BeforeAll
  static void anAppWithAnAnalyst(Millrace millrace) {
    api = new FakeApi();
    analyst = analyst(millrace);
  }

  @BeforeEach
  void nothingWasAsked() {
    api.requests.clear();
  }

  @AfterAll
  static void theAppOfThePipelineAgain() {
    analyst.close();
    api.close();
  }

  @Test
  void whatTheModelIsSureOfIsExecutedWithItsReasoning(Millrace millrace) {
    // given
    api.answer(PROVIDER.says(opinion("clear_cache", 0.91)));

    // when
    anomaly(millrace, "high_memory");

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(decisions(millrace))
                .containsExactly(
                    "high_memory execute clear_cache 0.91 model:scribe The heap only grows."
                        + " Decision: sure enough."));
    eventually()
        .untilAsserted(() ->
            assertThat(events(millrace))
                .contains(
                    "health_anomaly_detected",
                    "remediation_diagnosed",
                    "remediation_analyzed",
                    "remediation_commanded",
                    "remediation_skipped"));
    Request asked = api.requests.getFirst();
    assertThat(asked.path()).isEqualTo("/v1/messages");
    assertThat(PROVIDER.material(asked)).contains("<untrusted-", project, "high_memory");
    assertThat(PROVIDER.rules(asked)).doesNotContain(project);
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        """
                        SELECT agent || ' ' || model || ' ' || input_tokens FROM cost_tracking
                        WHERE trace_id = (SELECT trace_id FROM remediations WHERE project = ?)
                        """,
                        project))
                .containsExactly("diagnosis scribe 100"));
  }

  @Test
  void whatItIsNotSureOfIsForAPerson(Millrace millrace) {
    // given
    api.answer(PROVIDER.says(opinion("restart_service", 0.4)));

    // when
    anomaly(millrace, "high_error");

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(decisions(millrace))
                .containsExactly(
                    "high_error escalate restart_service 0.40 model:scribe The heap only grows."
                        + " Decision: confidence 0.40 is not above 0.70."));
    eventually()
        .untilAsserted(() -> assertThat(events(millrace)).contains("remediation_escalated"));
    assertThat(events(millrace)).doesNotContain("remediation_commanded");
  }

  @Test
  void whileItRefusesTheRulesDecideAndSaySo(Millrace millrace) {
    // given
    api.answer(FakeApi.status(401, "{}"));

    // when
    anomaly(millrace, "high_memory");

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(decisions(millrace))
                .singleElement()
                .asString()
                .startsWith(
                    "high_memory execute clear_cache 0.87 rules (offline) No diagnosis of a"
                        + " model: scribe answered 401. The rules say: high_memory"));
    assertThat(api.requests).hasSize(1);
  }

  @Test
  void anAnalystThatIsStoppedInTheMiddleOfItsCallIsFollowedByAnother(Millrace millrace) {
    // given
    api.answer(api.silentAfter(""));
    anomaly(millrace, "high_memory");
    eventually().until(() -> api.requests.size() == 1);

    // when
    analyst.close();
    api.answer(PROVIDER.says(opinion("clear_cache", 0.91)));
    analyst = analyst(millrace);

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(decisions(millrace))
                .singleElement()
                .asString()
                .startsWith("high_memory execute clear_cache 0.91 model:scribe"));
    assertThat(api.requests).hasSize(2);
  }

  @Test
  void aRequestThatComesAgainIsNotPutToTheModelAgain(Millrace millrace) {
    // given
    api.answer(PROVIDER.says(opinion("clear_cache", 0.91)));
    anomaly(millrace, "high_memory");
    eventually().until(() -> decisions(millrace).size() == 1);

    // when
    JsonNode replay =
        Replays.run(
            millrace,
            """
            {"topics": ["remediation.analysis-requests"], "key": "%s", "source": "topic",
             "effects": ["model-calls"], "reason": "a request that comes again"}
            """
                .formatted(project));

    // then: the one analyst has passed it over when it is done with the next request
    assertThat(replay.path("written").asInt()).as(replay.toString()).isEqualTo(1);
    anomaly(millrace, "high_cpu");
    eventually().until(() -> decisions(millrace).size() == 2);
    assertThat(api.requests).hasSize(2);
  }

  private static AppBeside analyst(Millrace millrace) {
    Map<String, String> environment = new HashMap<>(PROVIDER.environment(api));
    environment.put("HEALTH_ANALYZER", PROVIDER.provider());
    environment.put("HEALTH_ANALYZER_CONCURRENCY", "1");
    environment.put("PROJECTS", "");
    return AppBeside.inPlaceOf(millrace, new HealthAgentsApp(), environment);
  }

  private void anomaly(Millrace millrace, String type) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/test/anomaly",
                "{\"projectName\": \"%s\", \"type\": \"%s\"}".formatted(project, type));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static String opinion(String action, double confidence) {
    return "{\"action\": \"%s\", \"confidence\": %s, \"reasoning\": \"The heap only grows.\"}"
        .formatted(action, confidence);
  }

  private List<String> decisions(Millrace millrace) {
    return Queries.texts(
        millrace,
        """
        SELECT concat_ws(' ', anomaly_type, decision, action, to_char(confidence, 'FM0.00'),
                         analyzer, reasoning)
        FROM remediations WHERE project = ?
        """,
        project);
  }

  private List<String> events(Millrace millrace) {
    return Queries.texts(millrace, "SELECT event_type FROM ai_events WHERE subject = ?", project);
  }
}
