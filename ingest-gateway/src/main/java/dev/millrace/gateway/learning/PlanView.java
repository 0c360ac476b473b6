package dev.millrace.gateway.learning;

import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningStatus;
import java.time.Instant;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An intent, a plan, and a completion, as a learner sees them. */
final class PlanView {

  private PlanView() {}

  static ObjectNode of(LearningPlan plan) {
    ObjectNode view =
        Json.object().put("session_id", plan.getSessionId()).put("plan_md", plan.getPlanMd());
    ArrayNode steps =
        view.putObject("plan_json_summary")
            .put("title", plan.getTitle())
            .put("description", plan.getDescription())
            .putArray("steps");
    plan.getSteps().forEach(steps::add);
    view.put("degraded_mode", plan.getDegradedMode())
        .put("cache_hits", plan.getCacheHits())
        .put("cache_misses", plan.getCacheMisses());
    ObjectNode quality = view.putObject("signal_quality");
    plan.getSignalQuality()
        .forEach((agent, signal) ->
            quality
                .putObject(agent)
                .put("available", signal.getAvailable())
                .put("fresh", signal.getFresh()));
    return view;
  }

  static ObjectNode synced(LearningIntent intent, Instant createdAt) {
    return Json.object()
        .put("intent_id", intent.getIntentId())
        .put("active", intent.getActive())
        .put("topic", intent.getTopic())
        .put("depth", intent.getDepth())
        .put("end_goal", intent.getEndGoal())
        .put("time_per_day_min", intent.getTimePerDayMin())
        .put("user_tz", intent.getUserTz())
        .put("created_at", createdAt.toString());
  }

  static ObjectNode completed(
      LearningCompletion completion, LearningStatus status, Instant completedAt) {
    ObjectNode view = Json.object().put("ok", true).put("next_day_hint", status.getNextDayHint());
    view.putObject("completion_summary")
        .put("session_id", completion.getSessionId())
        .put("completion_time_min", completion.getCompletionTimeMin())
        .put("confidence", completion.getConfidence())
        .put("notes", completion.getNotes())
        .put("completed_at", completedAt.toString());
    return view;
  }
}
