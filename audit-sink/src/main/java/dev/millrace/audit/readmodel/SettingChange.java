package dev.millrace.audit.readmodel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event says about a setting of a queue.
 *
 * @param reason who changed it, and why; null if it was only seen
 * @param at when it had this value
 */
record SettingChange(
    String queue, String name, String value, @Nullable String reason, Instant at, String traceId) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAUSED = "paused";

  /** What an event says was changed of settings, if anything. */
  static List<SettingChange> of(MirrorRow row) {
    return switch (row.value().value()) {
      case TaskEvent event when event.getTaskId() == null && event.getQueue() != null ->
          of(event, row);
      case null, default -> List.of();
    };
  }

  private static List<SettingChange> of(TaskEvent event, MirrorRow row) {
    List<SettingChange> changes = new ArrayList<>();
    if (event.getType() == TaskEventType.PAUSED) {
      changes.add(of(event, row, PAUSED, "true"));
    } else if (event.getType() == TaskEventType.RESUMED) {
      changes.add(of(event, row, PAUSED, Boolean.toString(isPausedStill(event))));
    } else if (event.getType() == TaskEventType.SETTINGS_CHANGED) {
      facts(event)
          .properties()
          .forEach(fact -> changes.add(of(event, row, fact.getKey(), fact.getValue().asText())));
    }
    return changes;
  }

  /** How a queue is set, as a snapshot of it says; empty for other events. */
  static List<SettingChange> seen(MirrorRow row) {
    if (!(row.value().value() instanceof QueueSnapshot snapshot)) {
      return List.of();
    }
    return snapshot.getSettings().entrySet().stream()
        .map(setting ->
            new SettingChange(
                snapshot.getQueue(),
                setting.getKey(),
                setting.getValue(),
                null,
                snapshot.getObservedAt(),
                row.context().trace().traceId()))
        .toList();
  }

  /** A queue that is resumed at one level may be paused at another, as the event says. */
  private static boolean isPausedStill(TaskEvent event) {
    return facts(event).path(PAUSED).asBoolean();
  }

  private static SettingChange of(TaskEvent event, MirrorRow row, String name, String value) {
    return new SettingChange(
        event.getQueue(),
        name,
        value,
        event.getReason(),
        event.getOccurredAt(),
        row.context().trace().traceId());
  }

  /** A router of another version may say it otherwise: then there are none. */
  private static JsonNode facts(TaskEvent event) {
    if (event.getResult() == null) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readTree(event.getResult());
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  /** The later of two. */
  SettingChange then(SettingChange later) {
    return later.at.isBefore(at) ? this : later;
  }
}
