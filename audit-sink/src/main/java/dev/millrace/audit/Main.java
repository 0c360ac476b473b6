package dev.millrace.audit;

import dev.millrace.runtime.app.AppMain;

/** Runs the audit sink as a process of its own. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    AppMain.run(new AuditSinkApp());
  }
}
