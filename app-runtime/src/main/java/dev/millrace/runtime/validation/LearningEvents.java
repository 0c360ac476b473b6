package dev.millrace.runtime.validation;

import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What intents and completions must be like: anybody may write to their topics. The planner gives
 * up those that are not, and so they change nothing of what is known about a learner.
 */
public final class LearningEvents {

  private static final List<String> DEPTHS = List.of("surface", "informed", "deep");
  private static final int MAX_TEXT_LENGTH = 500;
  private static final int MAX_END_GOAL_LENGTH = 2_000;
  private static final int MAX_META = 32;
  private static final int MAX_NOTES_LENGTH = 4_000;
  private static final int MINUTES_OF_A_DAY = 24 * 60;
  private static final int MIN_CONFIDENCE = 1;
  private static final int MAX_CONFIDENCE = 10;

  /** The gateway's own test, so that what it accepts is accepted here. */
  private static final Pattern NOT_BLANK = Pattern.compile("\\S");

  private LearningEvents() {}

  /**
   * Requires that a record is about the learner of its key.
   *
   * @throws InvalidEventException if it is not, or names none
   */
  public static void requireKey(@Nullable String key, String userId) {
    EventFields.requireName("user_id", userId);
    if (!userId.equals(key)) {
      throw new InvalidEventException("key: expected the user_id of the value");
    }
  }

  /**
   * Requires values in their ranges.
   *
   * @throws InvalidEventException that names the field that is wrong
   */
  public static void require(LearningIntent intent) {
    requireText("intent_id", intent.getIntentId(), MAX_TEXT_LENGTH);
    requireText("topic", intent.getTopic(), MAX_TEXT_LENGTH);
    requireText("end_goal", intent.getEndGoal(), MAX_END_GOAL_LENGTH);
    if (!DEPTHS.contains(intent.getDepth())) {
      throw new InvalidEventException("depth: expected one of " + DEPTHS);
    }
    requireRange("time_per_day_min", intent.getTimePerDayMin(), 1, MINUTES_OF_A_DAY);
    if (intent.getMeta().size() > MAX_META) {
      throw new InvalidEventException("meta: expected at most " + MAX_META + " entries");
    }
    intent
        .getMeta()
        .forEach((name, value) -> {
          EventFields.requireName("name in meta", name);
          requireText("meta." + name, value, MAX_TEXT_LENGTH);
        });
    EventFields.requireShort("request_id", intent.getRequestId());
    requireZone(intent.getUserTz());
    requireTime("created_at", intent.getCreatedAt());
  }

  /**
   * Requires values in their ranges.
   *
   * @throws InvalidEventException that names the field that is wrong
   */
  public static void require(LearningCompletion done) {
    requireRange("confidence", done.getConfidence(), MIN_CONFIDENCE, MAX_CONFIDENCE);
    EventFields.requireShort("request_id", done.getRequestId());
    requireRange("completion_time_min", done.getCompletionTimeMin(), 0, MINUTES_OF_A_DAY);
    String notes = done.getNotes();
    if (notes != null && notes.codePointCount(0, notes.length()) > MAX_NOTES_LENGTH) {
      throw new InvalidEventException(
          "notes: expected at most " + MAX_NOTES_LENGTH + " characters");
    }
    requireTime("completed_at", done.getCompletedAt());
  }

  private static void requireText(String field, String text, int maxLength) {
    int length = text.codePointCount(0, text.length());
    if (length > maxLength || !NOT_BLANK.matcher(text).find()) {
      throw new InvalidEventException(
          "%s: expected 1 to %d characters, not all blank, found %d"
              .formatted(field, maxLength, length));
    }
  }

  private static void requireRange(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new InvalidEventException(
          "%s: expected %d to %d, found %d".formatted(field, min, max, value));
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

  private static void requireTime(String field, @Nullable Instant time) {
    if (time != null) {
      EventFields.requireTime(field, time);
    }
  }
}
