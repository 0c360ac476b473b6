package dev.millrace.gateway.learning;

import dev.millrace.gateway.auth.UserId;
import dev.millrace.gateway.http.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A status as a learner sees it at a moment: what depends on the time, how fresh signals are, when
 * the next session is due and whether the streak still holds, is worked out when it is read.
 */
final class StatusView {

  private static final List<String> SIGNAL_AGENTS = List.of("clo", "alex", "ta", "socratic");

  private StatusView() {}

  /**
   * Makes the view.
   *
   * @param status the record in JSON; empty for a learner who never learned
   */
  static ObjectNode of(UserId user, Optional<JsonNode> status, Instant now) {
    JsonNode record = status.orElseGet(Json::object);
    ObjectNode view = Json.object().put("user_id", user.value());
    view.set("active_intent", intent(record.path("active_intent")));
    view.set("latest_session", session(record.path("latest_session")));
    view.set("signal_freshness", freshness(record.path("signal_freshness"), now));
    view.set("next_scheduled_run", nextRun(record.path("next_scheduled_run"), now));
    view.set("learning_stats", stats(record, now));
    return view;
  }

  private static JsonNode intent(JsonNode intent) {
    if (!intent.isObject() || !intent.path("active").asBoolean(true)) {
      return Json.mapper().nullNode();
    }
    ObjectNode view = Json.object();
    view.set("id", intent.get("intent_id"));
    view.setAll(
        selected(
            intent, "topic", "depth", "end_goal", "time_per_day_min", "user_tz", "created_at"));
    return view;
  }

  private static JsonNode session(JsonNode session) {
    if (!session.isObject()) {
      return Json.mapper().nullNode();
    }
    ObjectNode view = Json.object();
    view.set("id", session.get("session_id"));
    view.setAll(
        selected(session, "week", "day", "topic", "plan_title", "degraded_mode", "created_at"));
    view.set(
        "completion",
        orNull(
            session.path("completion"),
            "completion_time_min",
            "confidence",
            "notes",
            "completed_at"));
    return view;
  }

  private static ObjectNode freshness(JsonNode signals, Instant now) {
    ObjectNode view = Json.object();
    SIGNAL_AGENTS.forEach(agent -> view.set(agent, signal(signals.path(agent), now)));
    for (Map.Entry<String, JsonNode> entry : signals.properties()) {
      if (!view.has(entry.getKey())) {
        view.set(entry.getKey(), signal(entry.getValue(), now));
      }
    }
    return view;
  }

  private static ObjectNode signal(JsonNode signal, Instant now) {
    boolean available = signal.path("available").asBoolean(false);
    String until = signal.path("fresh_until").asString("");
    boolean fresh =
        until.isEmpty()
            ? signal.path("fresh").asBoolean(false)
            : now.isBefore(Instant.parse(until));
    ObjectNode view = Json.object().put("available", available).put("fresh", available && fresh);
    return view.set("last_updated", signal.get("last_updated"));
  }

  /** A start that was missed is due again at the same hour of a day to come. */
  private static JsonNode nextRun(JsonNode run, Instant now) {
    if (!run.isObject()) {
      return Json.mapper().nullNode();
    }
    ZonedDateTime start =
        Instant.parse(run.required("estimated_time").stringValue())
            .atZone(zone(run.path("timezone").asString("UTC")));
    if (!start.toInstant().isAfter(now)) {
      ZonedDateTime today = start.with(now.atZone(start.getZone()).toLocalDate());
      start = today.toInstant().isAfter(now) ? today : today.plusDays(1);
    }
    return selected(run, "week", "day", "estimated_time", "timezone")
        .put("estimated_time", start.toInstant().toString());
  }

  private static ObjectNode stats(JsonNode record, Instant now) {
    JsonNode stats = record.path("learning_stats");
    return Json.object()
        .put("total_sessions", stats.path("total_sessions").asInt(0))
        .put("completed_sessions", stats.path("completed_sessions").asInt(0))
        .put("total_time_min", stats.path("total_time_min").asInt(0))
        .put("average_confidence", stats.path("average_confidence").asDouble(0))
        .put("current_streak_days", streak(stats, zoneOf(record), now));
  }

  /** A streak holds as long as today, or yesterday, was a day with a completion. */
  private static int streak(JsonNode stats, ZoneId zone, Instant now) {
    String last = stats.path("last_completed_on").asString("");
    if (last.isEmpty()) {
      return 0;
    }
    LocalDate yesterday = now.atZone(zone).toLocalDate().minusDays(1);
    return LocalDate.parse(last).isBefore(yesterday)
        ? 0
        : stats.path("current_streak_days").asInt(0);
  }

  private static ZoneId zoneOf(JsonNode record) {
    return zone(
        record
            .path("active_intent")
            .path("user_tz")
            .asString(record.path("next_scheduled_run").path("timezone").asString("UTC")));
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC;
    }
  }

  private static JsonNode orNull(JsonNode from, String... fields) {
    return from.isObject() ? selected(from, fields) : Json.mapper().nullNode();
  }

  private static ObjectNode selected(JsonNode from, String... fields) {
    ObjectNode selected = Json.object();
    for (String field : fields) {
      selected.set(field, from.get(field));
    }
    return selected;
  }
}
