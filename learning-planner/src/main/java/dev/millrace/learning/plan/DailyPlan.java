package dev.millrace.learning.plan;

import java.util.List;

/**
 * The plan of a day.
 *
 * @param title what the day is about
 * @param description the same in a sentence
 * @param steps what to do, in order, with the minutes of each
 * @param markdown the plan as a page
 * @param generator what made it: {@code offline}, or the name of a model
 */
public record DailyPlan(
    String title, String description, List<Step> steps, String markdown, String generator) {

  /** One thing to do, and how long. */
  public record Step(String text, int minutes) {}

  public DailyPlan {
    steps = List.copyOf(steps);
  }
}
