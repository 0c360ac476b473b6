package dev.millrace.gateway.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.auth.UserId;
import dev.millrace.gateway.http.Json;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class StatusViewTest {

  private static final JsonNode STATUS =
      Json.read(
          """
          {"user_id": "learner-1",
           "active_intent": {"intent_id": "i1", "user_id": "learner-1", "topic": "ML",
             "depth": "informed", "end_goal": "g", "time_per_day_min": 60,
             "user_tz": "America/New_York", "meta": {}, "active": true,
             "created_at": "2026-01-19T10:00:00Z"},
           "latest_session": {"session_id": "s1", "week": 1, "day": 3, "topic": "ML",
             "plan_title": "T", "degraded_mode": false, "created_at": "2026-01-19T10:00:00Z",
             "completion": {"session_id": "s1", "user_id": "learner-1", "completion_time_min": 45,
               "confidence": 7, "notes": null, "request_id": "r", "completed_at": "2026-01-19T15:30:00Z"}},
           "signal_freshness": {
             "clo": {"available": true, "fresh": true, "last_updated": "2026-01-19T10:00:00Z",
                     "fresh_until": "2026-01-20T10:00:00Z"}},
           "next_scheduled_run": {"week": 1, "day": 4, "estimated_time": "2026-01-20T12:00:00Z",
             "timezone": "America/New_York"},
           "learning_stats": {"total_sessions": 3, "completed_sessions": 3, "total_time_min": 180,
             "average_confidence": 7.3, "current_streak_days": 3, "last_completed_on": "2026-01-19"}}
          """);

  @Test
  void theStatusHasTheFieldsThatCallersKnow() {
    JsonNode view = view("2026-01-19T16:00:00Z");

    assertThat(view.propertyNames())
        .containsExactly(
            "user_id",
            "active_intent",
            "latest_session",
            "signal_freshness",
            "next_scheduled_run",
            "learning_stats");
    assertThat(view.get("active_intent").toString())
        .isEqualTo(
            "{\"id\":\"i1\",\"topic\":\"ML\",\"depth\":\"informed\",\"end_goal\":\"g\","
                + "\"time_per_day_min\":60,\"user_tz\":\"America/New_York\","
                + "\"created_at\":\"2026-01-19T10:00:00Z\"}");
    assertThat(view.at("/latest_session/id").asString()).isEqualTo("s1");
    assertThat(view.at("/latest_session/completion").propertyNames())
        .containsExactly("completion_time_min", "confidence", "notes", "completed_at");
    assertThat(view.at("/learning_stats").propertyNames())
        .containsExactly(
            "total_sessions",
            "completed_sessions",
            "total_time_min",
            "average_confidence",
            "current_streak_days");
  }

  @ParameterizedTest
  @CsvSource({"2026-01-20T09:59:59Z, true", "2026-01-20T10:00:00Z, false"})
  void aSignalIsFreshUntilItsWindowEnds(String now, boolean fresh) {
    assertThat(view(now).at("/signal_freshness/clo/fresh").asBoolean()).isEqualTo(fresh);
    assertThat(view(now).at("/signal_freshness/ta/available").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-19T20:00:00Z, 3", // the same day
    "2026-01-21T04:59:59Z, 3", // still the day after, where the learner lives
    "2026-01-21T05:00:00Z, 0" // a whole day was missed
  })
  void aStreakHoldsUntilADayIsMissed(String now, int days) {
    assertThat(view(now).at("/learning_stats/current_streak_days").asInt()).isEqualTo(days);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-01-20T11:59:59Z, 2026-01-20T12:00:00Z", // as it was planned
    "2026-01-20T12:00:00Z, 2026-01-21T12:00:00Z", // missed
    "2026-01-23T04:30:00Z, 2026-01-23T12:00:00Z", // still the evening before, where the learner
    // lives
    "2026-03-08T13:00:00Z, 2026-03-09T11:00:00Z" // at the same hour also when clocks change
  })
  void theNextRunIsOneToCome(String now, String start) {
    assertThat(view(now).at("/next_scheduled_run/estimated_time").asString()).isEqualTo(start);
    assertThat(view(now).at("/next_scheduled_run/day").asInt()).isEqualTo(4);
  }

  @Test
  void somebodyWhoNeverLearnedHasNothing() {
    JsonNode view = StatusView.of(new UserId("x"), Optional.empty(), Instant.EPOCH);

    assertThat(view.get("latest_session").isNull()).isTrue();
    assertThat(view.get("next_scheduled_run").isNull()).isTrue();
    assertThat(view.get("signal_freshness").propertyNames())
        .containsExactly("clo", "alex", "ta", "socratic");
  }

  private static JsonNode view(String now) {
    return StatusView.of(new UserId("learner-1"), Optional.of(STATUS), Instant.parse(now));
  }
}
