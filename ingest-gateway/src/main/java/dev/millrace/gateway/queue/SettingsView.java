package dev.millrace.gateway.queue;

import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.task.QueueSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Queues and their settings as JSON: truth values and whole numbers as such, times as text. */
final class SettingsView {

  private static final List<String> FIRST = List.of("paused", "stop_on_failure", "max_concurrent");
  private static final String WHOLE_NUMBER = "-?\\d{1,9}";

  private SettingsView() {}

  /**
   * A queue: how full it is, and how it is set.
   *
   * @param pausedWhy why it was paused last, where that is known
   */
  static ObjectNode queue(QueueSnapshot queue, @Nullable String pausedWhy) {
    ObjectNode body =
        Json.object()
            .put("queue", queue.getQueue())
            .put("backlog", queue.getBacklog())
            .put("running", queue.getRunning())
            .put("paused", !queue.getPauses().isEmpty());
    queue.getPauses().forEach(body.putArray("pauses")::add);
    body.put("pause_reason", queue.getPauses().isEmpty() ? null : pausedWhy);
    body.set("settings", settings(queue));
    body.set("provider", provider(queue));
    return body.put("observed_at", queue.getObservedAt().toString());
  }

  /** Who answers for its runs, and whether it is asked at present. */
  private static ObjectNode provider(QueueSnapshot queue) {
    Instant until = queue.getCircuitUntil();
    return Json.object()
        .put("name", queue.getProvider())
        .put("circuit", queue.getCircuit())
        .put("until", until == null ? null : until.toString())
        .put("reason", queue.getCircuitReason());
  }

  static ObjectNode settings(QueueSnapshot queue) {
    return json(queue.getSettings());
  }

  /** The settings that all these queues share; null where they differ. */
  static ObjectNode common(Collection<QueueSnapshot> queues) {
    Map<String, String> common = new TreeMap<>();
    for (QueueSnapshot queue : queues) {
      queue
          .getSettings()
          .forEach((name, value) -> common.merge(name, value, (a, b) -> a.equals(b) ? a : ""));
    }
    return json(common);
  }

  private static ObjectNode json(Map<String, String> settings) {
    Map<String, String> rest = new TreeMap<>(settings);
    ObjectNode body = Json.object();
    for (String name : FIRST) {
      String value = rest.remove(name);
      if (value != null) {
        put(body, name, value);
      }
    }
    rest.forEach((name, value) -> put(body, name, value));
    return body;
  }

  private static void put(ObjectNode body, String name, String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (value.isEmpty()) {
      body.putNull(name);
    } else if (lower.equals("true") || lower.equals("false")) {
      body.put(name, Boolean.parseBoolean(lower));
    } else if (value.matches(WHOLE_NUMBER)) {
      body.put(name, Integer.parseInt(value));
    } else {
      body.put(name, value);
    }
  }
}
