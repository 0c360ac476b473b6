package dev.millrace.learning.progress;

/** Advice for the next day, from the time a session took and how sure the learner feels. */
public final class NextDayHint {

  private static final double SHORT = 0.5;
  private static final double LONG = 1.25;
  private static final int LOW_CONFIDENCE = 4;
  private static final int HIGH_CONFIDENCE = 8;

  private NextDayHint() {}

  /**
   * The advice.
   *
   * @param minutes minutes the session took
   * @param plannedMinutes minutes it was planned for, at least 1
   * @param confidence from 1 to 10
   * @param next the day it is for
   */
  public static String of(int minutes, int plannedMinutes, int confidence, StudyDay next) {
    return praise(minutes, plannedMinutes)
        + " For day "
        + next.day()
        + ", "
        + focus(confidence, minutes, plannedMinutes);
  }

  private static String praise(int minutes, int plannedMinutes) {
    double share = (double) minutes / plannedMinutes;
    if (share < SHORT) {
      return "A short session still counts.";
    }
    return share <= LONG ? "Good time investment!" : "You gave more time than planned.";
  }

  private static String focus(int confidence, int minutes, int plannedMinutes) {
    double share = (double) minutes / plannedMinutes;
    if (confidence <= LOW_CONFIDENCE) {
      return share > LONG
          ? "slow down: repeat the hardest part in small steps before anything new."
          : "go back to the basics of this session before anything new.";
    }
    if (confidence < HIGH_CONFIDENCE) {
      return share < SHORT
          ? "finish what was left open, then practise it once more."
          : "focus on reinforcing concepts to build confidence.";
    }
    return share < SHORT
        ? "you are ready for more: try a harder exercise in the time you have."
        : "move on to something new and harder.";
  }
}
