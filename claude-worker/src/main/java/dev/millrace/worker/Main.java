package dev.millrace.worker;

import dev.millrace.runtime.app.AppMain;

/** Runs the worker as a process of its own. */
public final class Main {

  private Main() {}

  /** No arguments: the environment configures it. */
  public static void main(String[] args) {
    AppMain.run(new ClaudeWorkerApp());
  }
}
