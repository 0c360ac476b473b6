package dev.millrace.learning.progress;

/**
 * A day of a course; weeks have seven days.
 *
 * @param week from 1
 * @param day from 1 to 7
 */
public record StudyDay(int week, int day) {

  private static final int DAYS = 7;

  /** Longest course, in weeks: ten years. */
  private static final int MAX_WEEK = 520;

  public static final StudyDay FIRST = new StudyDay(1, 1);

  public StudyDay {
    if (week < 1 || week > MAX_WEEK) {
      throw new IllegalArgumentException("week: expected 1 to " + MAX_WEEK + ", found " + week);
    }
    if (day < 1 || day > DAYS) {
      throw new IllegalArgumentException("day: expected 1 to " + DAYS + ", found " + day);
    }
  }

  /** The day after; after the last day of the longest course, that day again. */
  public StudyDay next() {
    if (day < DAYS) {
      return new StudyDay(week, day + 1);
    }
    return week < MAX_WEEK ? new StudyDay(week + 1, 1) : this;
  }

  /** Its place in the course, from 0. */
  public int index() {
    return (week - 1) * DAYS + day - 1;
  }
}
