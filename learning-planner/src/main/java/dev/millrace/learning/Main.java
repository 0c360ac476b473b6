package dev.millrace.learning;

import dev.millrace.runtime.app.AppMain;

/** Runs the learning planner as a process of its own. */
public final class Main {

  private Main() {}

  /** Runs it; arguments are ignored, the environment configures it. */
  public static void main(String[] args) {
    AppMain.run(new LearningPlannerApp());
  }
}
