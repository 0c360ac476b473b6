package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class LearningIT {

  private static final String INTENT =
      """
      {"topic":"Machine Learning","depth":"informed","end_goal":"Build models",
       "time_per_day_min":60,"user_tz":"America/New_York",
       "meta":{"learning_style":"project-first"}}
      """;

  @Test
  void aLearnerGoesFromIntentToPlanToCompletionToStatus(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    assertThat(learner.post("/orchestrator/intent.sync", INTENT).status()).isEqualTo(200);

    // when
    JsonNode plan = learner.post("/orchestrator/day.run", "{\"week\":1,\"day\":1}").json();

    // then
    assertThat(plan.path("degraded_mode").asBoolean()).isTrue();
    assertThat(plan.path("plan_md").asText()).startsWith("# ");
    assertThat(plan.path("plan_json_summary").path("steps")).isNotEmpty();
    Gateway.Answer done =
        learner.post(
            "/orchestrator/day.done",
            """
            {"session_id":"%s","completion_time_min":45,"confidence":7,"notes":"Went well"}
            """
                .formatted(plan.path("session_id").asText()));
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().path("ok").asBoolean()).isTrue();
    assertThat(done.json().path("next_day_hint").asText()).isNotBlank();
    JsonNode status = learner.get("/orchestrator/status").json();
    assertThat(status.path("learning_stats").path("completed_sessions").asInt()).isEqualTo(1);
    assertThat(status.path("latest_session").path("completion").path("confidence").asInt())
        .isEqualTo(7);
  }

  @Test
  void aPlanOfFreshSignalsIsNotDegraded(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.post("/orchestrator/intent.sync", INTENT);
    for (String agent : new String[] {"clo", "alex", "ta", "socratic"}) {
      Gateway.Answer accepted =
          millrace
              .gateway()
              .post(
                  "/api/learning/signals",
                  """
                  {"user_id":"%s","agent":"%s","data":{"focus":"Gradients","steps":["Derive one"]}}
                  """
                      .formatted(learner.user(), agent));
      assertThat(accepted.status()).isEqualTo(200);
    }

    // when
    JsonNode plan = learner.post("/orchestrator/day.run", "{\"week\":1,\"day\":2}").json();

    // then
    assertThat(plan.path("degraded_mode").asBoolean()).isFalse();
    assertThat(plan.path("cache_hits").asInt()).isEqualTo(4);
    assertThat(plan.path("signal_quality").path("ta").path("fresh").asBoolean()).isTrue();
  }

  @Test
  void withoutAnIntentThereIsNoPlan(Millrace millrace) {
    // when
    Gateway.Answer answer =
        new Learner(millrace).post("/orchestrator/day.run", "{\"week\":1,\"day\":1}");

    // then
    assertThat(answer.status()).isEqualTo(409);
  }

  @Test
  void aSessionThatIsNotTheLearnersIsNotFound(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.post("/orchestrator/intent.sync", INTENT);

    // when
    Gateway.Answer answer =
        learner.post(
            "/orchestrator/day.done",
            "{\"session_id\":\"%s\",\"completion_time_min\":5,\"confidence\":5}"
                .formatted(UUID.randomUUID()));

    // then
    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void thePlanIsInTheAuditDatabase(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.post("/orchestrator/intent.sync", INTENT);

    // when
    learner.post("/orchestrator/day.run", "{\"week\":1,\"day\":1}");

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM learning_sessions WHERE user_id = ?",
                        learner.user()))
                .isEqualTo(1));
  }

  /** A learner with a token of its own. */
  private static final class Learner {
    private final Millrace millrace;
    private final String user = "learner-" + UUID.randomUUID();
    private final String token;

    Learner(Millrace millrace) {
      this.millrace = millrace;
      this.token =
          TokenCommand.sign(
              user, Duration.ofMinutes(5), millrace.credential(Credentials.JWT_SECRET));
    }

    String user() {
      return user;
    }

    Gateway.Answer get(String path) {
      return millrace.gateway().send(request(path).GET());
    }

    Gateway.Answer post(String path, String body) {
      return millrace
          .gateway()
          .send(
              request(path)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(String path) {
      return millrace
          .gateway()
          .request(path)
          .header("Authorization", "Bearer " + token)
          .header("X-User-ID", user);
    }
  }
}
