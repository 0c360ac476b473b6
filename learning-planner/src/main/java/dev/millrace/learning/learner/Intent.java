package dev.millrace.learning.learner;

import dev.millrace.runtime.streams.EventFields;
import dev.millrace.runtime.streams.InvalidEventException;
import dev.millrace.schemas.learning.LearningIntent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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

  private static final List<String> DEPTHS = List.of("surface", "informed", "deep");
  private static final int MAX_TEXT_LENGTH = 500;
  private static final int MAX_END_GOAL_LENGTH = 2_000;
  private static final int MAX_META = 32;
  private static final int MINUTES_OF_A_DAY = 24 * 60;

  /** The gateway's own test, so that what it accepts is accepted here. */
  private static final Pattern NOT_BLANK = Pattern.compile("\\S");

  public Intent {
    meta = Map.copyOf(meta);
  }

  /**
   * Reads an event.
   *
   * @throws InvalidEventException if a value is out of range
   */
  static Intent of(LearningIntent event, Instant at) {
    requireText("intent_id", event.getIntentId(), MAX_TEXT_LENGTH);
    requireText("topic", event.getTopic(), MAX_TEXT_LENGTH);
    requireText("end_goal", event.getEndGoal(), MAX_END_GOAL_LENGTH);
    if (!DEPTHS.contains(event.getDepth())) {
      throw new InvalidEventException("depth: expected one of " + DEPTHS);
    }
    if (event.getTimePerDayMin() < 1 || event.getTimePerDayMin() > MINUTES_OF_A_DAY) {
      throw new InvalidEventException(
          "time_per_day_min: expected 1 to %d, found %d"
              .formatted(MINUTES_OF_A_DAY, event.getTimePerDayMin()));
    }
    if (event.getMeta().size() > MAX_META) {
      throw new InvalidEventException("meta: expected at most " + MAX_META + " entries");
    }
    event
        .getMeta()
        .forEach((name, value) -> {
          EventFields.requireName("name in meta", name);
          requireText("meta." + name, value, MAX_TEXT_LENGTH);
        });
    EventFields.requireShort("request_id", event.getRequestId());
    requireZone(event.getUserTz());
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

  private static void requireText(String field, String text, int maxLength) {
    int length = text.codePointCount(0, text.length());
    if (length > maxLength || !NOT_BLANK.matcher(text).find()) {
      throw new InvalidEventException(
          "%s: expected 1 to %d characters, not all blank, found %d"
              .formatted(field, maxLength, length));
    }
  }

  private static void requireZone(String zone) {
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new InvalidEventException(
          "user_tz: expected an IANA time zone such as Europe/Rome, found something else");
    }
  }

  /** This intent; told again under the identity of the active one, it keeps that one's age. */
  Intent continuing(Intent active) {
    return active.id.equals(id)
        ? new Intent(id, topic, depth, endGoal, minutesPerDay, zone, meta, active.createdAt)
        : this;
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
