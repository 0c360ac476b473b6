package dev.millrace.worker.offline;

import dev.millrace.schemas.agent.LogStream;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;

/** Says in front of each line that no model is at work. */
record OfflineReporter(RunReporter reporter) implements RunReporter {

  @Override
  public void log(LogStream stream, String text) {
    reporter.log(stream, "[offline] " + text);
  }

  @Override
  public void usage(TokenUsage usage) {
    reporter.usage(usage);
  }

  @Override
  public void toolCalled(ToolCall call) {
    reporter.toolCalled(call);
  }
}
