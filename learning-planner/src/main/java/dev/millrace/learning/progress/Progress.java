package dev.millrace.learning.progress;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a learner has done so far.
 *
 * @param totalSessions sessions planned
 * @param completedSessions sessions completed
 * @param totalMinutes minutes spent in them
 * @param confidenceSum sum of the confidences of completed sessions
 * @param streakDays days in a row with a completion, up to the last one
 * @param lastCompletedOn day of the last completion, where the learner lives
 */
public record Progress(
    int totalSessions,
    int completedSessions,
    int totalMinutes,
    int confidenceSum,
    int streakDays,
    @Nullable LocalDate lastCompletedOn) {

  public static final Progress NONE = new Progress(0, 0, 0, 0, 0, null);

  /** One session more was planned. */
  public Progress planned() {
    return new Progress(
        totalSessions + 1,
        completedSessions,
        totalMinutes,
        confidenceSum,
        streakDays,
        lastCompletedOn);
  }

  /** One session more was completed, on that day. */
  public Progress completed(int minutes, int confidence, LocalDate on) {
    return new Progress(
        totalSessions,
        completedSessions + 1,
        Math.addExact(totalMinutes, minutes),
        confidenceSum + confidence,
        streakOn(on),
        lastCompletedOn == null || on.isAfter(lastCompletedOn) ? on : lastCompletedOn);
  }

  /** A completed session was reported again: the latest word counts, the streak does not grow. */
  public Progress corrected(int minutesMore, int confidenceMore) {
    return new Progress(
        totalSessions,
        completedSessions,
        Math.addExact(totalMinutes, minutesMore),
        confidenceSum + confidenceMore,
        streakDays,
        lastCompletedOn);
  }

  /** Mean confidence of completed sessions, rounded to a tenth; 0 without any. */
  public double averageConfidence() {
    return completedSessions == 0 ? 0 : Math.round(10.0 * confidenceSum / completedSessions) / 10.0;
  }

  private int streakOn(LocalDate day) {
    if (lastCompletedOn == null) {
      return 1;
    }
    if (!day.isAfter(lastCompletedOn)) {
      return streakDays;
    }
    return day.equals(lastCompletedOn.plusDays(1)) ? streakDays + 1 : 1;
  }
}
