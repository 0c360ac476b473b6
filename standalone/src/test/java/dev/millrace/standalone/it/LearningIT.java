package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.schemas.catalogue.Topics;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The learning loop, from the intent to the status. */
@ExtendWith(WithMillrace.class)
class LearningIT {

  @ParameterizedTest
  @ValueSource(strings = {"/orchestrator", "/api/orchestrator", "/functions/v1/orchestrator"})
  void aLearnerGoesFromIntentToPlanToCompletionToStatus(String prefix, Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    assertThat(learner.post(prefix + "/intent.sync", Learner.INTENT).status()).isEqualTo(200);
    JsonNode plan = learner.post(prefix + "/day.run", "{\"week\":1,\"day\":3}").json();
    assertThat(plan.path("degraded_mode").asBoolean()).isTrue();
    assertThat(plan.path("plan_md").asText()).startsWith("# ");
    assertThat(plan.path("plan_json_summary").path("steps")).isNotEmpty();

    // when
    Gateway.Answer done =
        learner.post(
            prefix + "/day.done",
            """
            {"session_id":"%s","completion_time_min":45,"confidence":7,"notes":"Went well"}
            """
                .formatted(plan.path("session_id").asText()));

    // then
    assertThat(done.status()).isEqualTo(200);
    assertThat(done.json().path("ok").asBoolean()).isTrue();
    assertThat(done.json().path("next_day_hint").asText())
        .isEqualTo(
            "Good time investment! For day 4, focus on reinforcing concepts to build confidence.");
    JsonNode status = learner.get(prefix + "/status").json();
    assertThat(status.at("/learning_stats/completed_sessions").asInt()).isEqualTo(1);
    assertThat(status.at("/learning_stats/current_streak_days").asInt()).isEqualTo(1);
    assertThat(status.at("/latest_session/completion/confidence").asInt()).isEqualTo(7);
    assertThat(status.at("/next_scheduled_run/day").asInt()).isEqualTo(4);
    assertThat(Instant.parse(status.at("/next_scheduled_run/estimated_time").asText()))
        .isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(2)));
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
    learner.learns(Learner.INTENT);

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
  void anIntentThatIsChangedKeepsItsIdAndTheSessionOfTheDay(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    String intent = learner.learns(Learner.INTENT);
    String session = learner.plan(1).path("session_id").asText();

    // when
    String again = learner.learns(Learner.INTENT.replace("60", "45"));

    // then
    assertThat(again).isEqualTo(intent);
    assertThat(learner.plan(1).path("session_id").asText()).isEqualTo(session);
    assertThat(learner.status().at("/active_intent/time_per_day_min").asInt()).isEqualTo(45);
  }

  @Test
  void theNewestPlanOfASessionIsInTheAuditDatabase(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    assertThat(learner.plan(1).path("degraded_mode").asBoolean()).isTrue();
    Learner.AGENTS.forEach(agent -> learner.hears(agent, "\"data\":{\"focus\":\"Gradients\"}"));

    // when
    JsonNode second = learner.plan(1);

    // then
    assertThat(second.path("degraded_mode").asBoolean()).isFalse();
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT title || ' ' || degraded_mode FROM learning_sessions WHERE user_id"
                            + " = ?",
                        learner.user()))
                .containsExactly("Gradients false"));
  }

  @Test
  void aSessionThatWasNeverPlannedIsNotAmongTheSessions(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    String session = learner.plan(1).path("session_id").asText();
    String ghost = UUID.randomUUID().toString();

    // when
    List.of(ghost, session).forEach(learner::done);

    // then: the later one is there, so the earlier one is mirrored too
    eventually().untilAsserted(() -> assertThat(completed(millrace, learner)).contains(session));
    assertThat(completed(millrace, learner)).containsExactly(session);
  }

  @Test
  void aLearnerIsToldOfPlansLive(Millrace millrace) throws Exception {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    try (HttpClient http = HttpClient.newHttpClient();
        InputStream stream =
            http.send(
                    learner.request("/api/learning/events").build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      assertThat(lines.readLine()).startsWith(":");

      // when
      String session = learner.plan(1).path("session_id").asText();

      // then
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEqualTo("event: instructor_plan_created");
      assertThat(lines.readLine()).contains("wisely.events").contains(session);
    }
  }

  @Test
  void aLearnerWhoIsForgottenHasNoStatus(Millrace millrace) throws Exception {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    learner.plan(1);

    // when
    try (NewTopicProducer producer = new NewTopicProducer(millrace, "forgetting")) {
      producer.send(
          new ProducerRecord<>(
              Topics.LEARNING_INTENTS.name(), learner.user().getBytes(UTF_8), null));
      producer.finish();
    }

    // then
    eventually()
        .untilAsserted(() -> {
          assertThat(learner.status().path("active_intent").isNull()).isTrue();
          assertThat(learner.status().path("latest_session").isNull()).isTrue();
          assertThat(sessions(millrace, learner)).isEmpty();
        });
  }

  private static List<String> sessions(Millrace millrace, Learner learner) {
    return Queries.texts(
        millrace, "SELECT session_id FROM learning_sessions WHERE user_id = ?", learner.user());
  }

  private static List<String> completed(Millrace millrace, Learner learner) {
    return Queries.texts(
        millrace,
        """
        SELECT session_id FROM learning_sessions WHERE user_id = ? AND completed_at IS NOT NULL
        """,
        learner.user());
  }
}
