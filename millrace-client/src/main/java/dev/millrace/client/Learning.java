package dev.millrace.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The learning loop of the learner whose token the client has; signals need an API key. */
public final class Learning {

  private final Transport transport;

  Learning(Transport transport) {
    this.transport = transport;
  }

  /**
   * What somebody wants to learn.
   *
   * @param timezone for example {@code Europe/Berlin}; null if it is not known
   * @param meta further preferences, for example {@code learning_style}; at most 32
   */
  public record NewIntent(
      String topic,
      String depth,
      String endGoal,
      int timePerDayMin,
      @Nullable String timezone,
      Map<String, String> meta) {

    public NewIntent {
      meta = Map.copyOf(meta);
    }

    /** An intent without further preferences. */
    public NewIntent(
        String topic, String depth, String endGoal, int timePerDayMin, @Nullable String timezone) {
      this(topic, depth, endGoal, timePerDayMin, timezone, Map.of());
    }
  }

  public record Intent(
      String intentId,
      boolean active,
      String topic,
      @Nullable String depth,
      @Nullable String endGoal,
      int timePerDayMin,
      @Nullable String userTz,
      @Nullable Instant createdAt) {}

  /** What a plan knew of one signal agent. */
  public record SignalQuality(boolean available, boolean fresh) {}

  /**
   * The plan of a day.
   *
   * @param signalQuality by the names of the signal agents
   */
  public record Plan(
      String sessionId,
      String planMd,
      JsonNode planJsonSummary,
      boolean degradedMode,
      int cacheHits,
      int cacheMisses,
      Map<String, SignalQuality> signalQuality) {}

  /** What is said when a day is done. */
  public record Done(boolean ok, @Nullable String nextDayHint, JsonNode completionSummary) {}

  private record Signalled(boolean success, String eventId) {}

  /** Begins an intent, or changes the one of that topic, which keeps its id. */
  public Intent createIntent(NewIntent intent) {
    Map<String, Object> body = new HashMap<>();
    body.put("topic", intent.topic());
    body.put("depth", intent.depth());
    body.put("end_goal", intent.endGoal());
    body.put("time_per_day_min", intent.timePerDayMin());
    if (intent.timezone() != null) {
      body.put("user_tz", intent.timezone());
    }
    if (!intent.meta().isEmpty()) {
      body.put("meta", intent.meta());
    }
    return transport.post("/api/orchestrator/intent.sync", body, Intent.class);
  }

  /** The plan of a day, from the signals that are at hand where they are fresh. */
  public Plan generateDayPlan(int week, int day) {
    return generateDayPlan(week, day, false);
  }

  /**
   * The plan of a day.
   *
   * @param forceRefresh whether all signal agents are asked again
   */
  public Plan generateDayPlan(int week, int day, boolean forceRefresh) {
    return transport.post(
        "/api/orchestrator/day.run",
        Map.of("week", week, "day", day, "force_refresh", forceRefresh),
        Plan.class);
  }

  /**
   * Says that a session is done.
   *
   * @param confidence 1 to 10
   */
  public Done completeDay(String sessionId, int minutes, int confidence, @Nullable String notes) {
    Map<String, Object> body = new HashMap<>();
    body.put("session_id", sessionId);
    body.put("completion_time_min", minutes);
    body.put("confidence", confidence);
    if (notes != null) {
      body.put("notes", notes);
    }
    return transport.post("/api/orchestrator/day.done", body, Done.class);
  }

  /** Where the learner stands. */
  public JsonNode getStatus() {
    return transport.get("/api/orchestrator/status", JsonNode.class);
  }

  /** Writes the signal of a signal agent, and returns the id of its event. */
  public String pushSignal(String userId, String agent, Map<String, ?> data) {
    return transport
        .post(
            "/api/learning/signals",
            Map.of("user_id", userId, "agent", agent, "data", data),
            Signalled.class)
        .eventId();
  }
}
