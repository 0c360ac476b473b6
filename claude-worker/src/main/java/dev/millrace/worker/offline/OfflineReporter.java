package dev.millrace.worker.offline;

import dev.millrace.schemas.agent.LogStream;
import dev.millrace.worker.agent.ForwardingReporter;
import dev.millrace.worker.agent.RunReporter;

/** Says in front of each line that no model is at work. */
final class OfflineReporter extends ForwardingReporter {

  OfflineReporter(RunReporter reporter) {
    super(reporter);
  }

  @Override
  public void log(LogStream stream, String text) {
    super.log(stream, "[offline] " + text);
  }
}
