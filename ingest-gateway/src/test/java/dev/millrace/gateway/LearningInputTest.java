package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningSignal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the learning endpoints take, and what they refuse. */
class LearningInputTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();
  private final ScriptedPlanner planner = new ScriptedPlanner(gateway);

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
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": "x", "time_per_day_min": 30, "meta": {" ": "x"}} | /meta
          day.run     | {"week": 1, "day": 8}                                                        | /day
          day.run     | {"week": 0, "day": 1}                                                        | /week
          day.done    | {"session_id": "s", "completion_time_min": 5, "confidence": 11}              | /confidence
          day.done    | {"session_id": "s", "completion_time_min": 5, "confidence": 0}               | /confidence
          day.done    | {"completion_time_min": 5, "confidence": 5}                                  | /session_id
          """)
  void badInputIsRefusedByField(String endpoint, String body, String field) {
    Answer answer = planner.post("/orchestrator/" + endpoint, body);

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
  void aSignalIsRecorded() {
    Answer answer =
        gateway.postWithKey(
            "/api/learning/signals",
            "{\"user_id\": \"learner-1\", \"agent\": \"clo\", \"etag\": \"v1\", \"intent_id\": \"intent-1\", \"data\": {\"focus\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(200);
    LearningSignal signal = gateway.sink.values(Topics.LEARNING_SIGNALS).getFirst();
    assertThat(signal.getOk()).isTrue();
    assertThat(signal.getIntentId()).isEqualTo("intent-1");
    assertThat(signal.getData()).isEqualTo("{\"focus\":\"x\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          intent.sync | {"topic": "x", "depth": "deep", "end_goal": "x", "time_per_day_min": 30, "user_tz": null, "meta": null}
          day.run     | {"week": 1, "day": 1, "force_refresh": null}
          day.done    | {"session_id": "session-1", "completion_time_min": 5, "confidence": 5, "notes": null}
          """)
  void nullIsTheSameAsNothing(String endpoint, String body) {
    Answer answer = planner.post("/orchestrator/" + endpoint, body);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(gateway.sink.values(Topics.LEARNING_INTENTS))
        .extracting(LearningIntent::getUserTz)
        .allMatch("UTC"::equals);
  }

  @Test
  void nullsInASignalAreTheSameAsNothing() {
    Answer answer =
        gateway.postWithKey(
            "/api/learning/signals",
            """
            {"user_id": "learner-1", "agent": "clo", "data": null, "etag": null, "ok": null,
             "error": null, "code": null, "request_id": null, "intent_id": null,
             "observed_at": null}
            """);

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }
}
