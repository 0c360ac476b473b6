package dev.millrace.router;

import dev.millrace.runtime.app.AppMain;

/** Runs the task router as a process of its own. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    AppMain.run(new TaskRouterApp());
  }
}
