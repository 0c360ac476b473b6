package dev.millrace.health;

import dev.millrace.runtime.app.AppMain;

/** Runs the health agents as a process of its own. */
public final class Main {

  private Main() {}

  /** Runs them; arguments are ignored, the environment configures it. */
  public static void main(String[] args) {
    AppMain.run(new HealthAgentsApp());
  }
}
