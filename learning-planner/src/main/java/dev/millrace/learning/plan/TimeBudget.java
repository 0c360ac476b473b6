package dev.millrace.learning.plan;

import java.util.ArrayList;
import java.util.List;

/** Divides the minutes of a day among steps. */
final class TimeBudget {

  /** A step shorter than this is not worth a switch. */
  private static final int MIN_STEP_MINUTES = 10;

  private static final int MAX_STEPS = 6;

  private TimeBudget() {}

  /** How many steps fit, at least 1. */
  static int stepsIn(int minutes) {
    return Math.clamp(minutes / MIN_STEP_MINUTES, 1, MAX_STEPS);
  }

  /**
   * Minutes of each step: as equal as multiples of five allow, the rest in the last step; together
   * they are all the minutes there are.
   */
  static List<Integer> divide(int minutes, int steps) {
    int share = minutes / steps;
    int rounded = share >= 5 ? share - share % 5 : share;
    List<Integer> divided = new ArrayList<>();
    for (int i = 0; i < steps - 1; i++) {
      divided.add(rounded);
    }
    divided.add(minutes - rounded * (steps - 1));
    return divided;
  }
}
