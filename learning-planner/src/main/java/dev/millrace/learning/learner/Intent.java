package dev.millrace.learning.learner;

import dev.millrace.runtime.validation.EventFields;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.runtime.validation.LearningEvents;
import dev.millrace.schemas.learning.LearningIntent;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/**
 * What a learner wants to learn.
 *
 * @param id identity of the intent
 * @param topic subject
 * @param depth surface, informed or deep
 * @param endGoal what the learner wants to be able to do
 * @param minutesPerDay time of a day
 * @param zone where the learner lives
 * @param meta further preferences
 * @param createdAt when it was told first
 */
public record Intent(
    String id,
    String topic,
    String depth,
    String endGoal,
    int minutesPerDay,
    String zone,
    Map<String, String> meta,
    Instant createdAt) {

  public Intent {
    meta = Map.copyOf(meta);
  }

  /**
   * Reads an event.
   *
   * @throws InvalidEventException if a value is out of range
   */
  static Intent of(LearningIntent event, Instant at) {
    LearningEvents.require(event);
    return new Intent(
        event.getIntentId(),
        event.getTopic(),
        event.getDepth(),
        event.getEndGoal(),
        event.getTimePerDayMin(),
        event.getUserTz(),
        event.getMeta(),
        EventFields.timeNotAfter("created_at", event.getCreatedAt(), at));
  }

  /** This intent as it was told first at that time. */
  Intent toldFirst(Instant at) {
    return new Intent(id, topic, depth, endGoal, minutesPerDay, zone, meta, at);
  }

  ZoneId zoneId() {
    return ZoneId.of(zone);
  }

  String learningStyle() {
    return meta.getOrDefault("learning_style", "");
  }

  LearningIntent toEvent(String userId) {
    return LearningIntent.newBuilder()
        .setIntentId(id)
        .setUserId(userId)
        .setTopic(topic)
        .setDepth(depth)
        .setEndGoal(endGoal)
        .setTimePerDayMin(minutesPerDay)
        .setUserTz(zone)
        .setMeta(meta)
        .setActive(true)
        .setCreatedAt(createdAt)
        .build();
  }
}
