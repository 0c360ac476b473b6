package dev.millrace.remediation;

import dev.millrace.runtime.app.AppMain;

/** Runs the remediation executor as a process of its own. */
public final class Main {

  private Main() {}

  /** Runs it; arguments are ignored, the environment configures it. */
  public static void main(String[] args) {
    AppMain.run(new RemediationExecutorApp());
  }
}
