package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.bearer;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningPlanRequest;
import dev.millrace.schemas.learning.LearningStats;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.PlanStatus;
import dev.millrace.schemas.learning.SignalQuality;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers as the planner does, at once, and knows one session: {@code session-1}. */
final class ScriptedPlanner {

  static final String INTENT =
      """
      {"topic": "Machine Learning", "depth": "informed", "end_goal": "Build models",
       "time_per_day_min": 60, "user_tz": "America/New_York",
       "meta": {"learning_style": "project-first"}}
      """;
  static final String DAY = "{\"week\": 1, \"day\": 3, \"force_refresh\": false}";
  static final String DONE =
      """
      {"session_id": "session-1", "completion_time_min": 45, "confidence": 7, "notes": "hard"}
      """;

  private final GatewayFixture gateway;

  ScriptedPlanner(GatewayFixture gateway) {
    this.gateway = gateway;
    gateway.sink.react(written -> {
      switch (written.value()) {
        case LearningIntent intent ->
            gateway.gateway.learning().saw(status(intent.getRequestId(), LearningOutcome.ACCEPTED));
        case LearningPlanRequest request -> gateway.gateway.learning().saw(plan(request));
        case LearningCompletion completion ->
            gateway
                .gateway
                .learning()
                .saw(
                    status(
                        completion.getRequestId(),
                        completion.getSessionId().equals("session-1")
                            ? LearningOutcome.ACCEPTED
                            : LearningOutcome.SESSION_NOT_FOUND));
        default -> {}
      }
    });
  }

  /** Posts as {@code learner-1}. */
  Answer post(String path, String body) {
    return gateway.post(path, body, "Authorization", bearer("learner-1"));
  }

  static LearningPlan plan(LearningPlanRequest request) {
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

  static LearningStatus status(@Nullable String requestId, LearningOutcome outcome) {
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
