package dev.millrace.worker.agent;

import dev.millrace.schemas.agent.LogStream;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.schemas.task.TaskRequest;

/** Passes everything on to another reporter; whoever extends it looks at some of it first. */
public abstract class ForwardingReporter implements RunReporter {

  private final RunReporter reporter;

  protected ForwardingReporter(RunReporter reporter) {
    this.reporter = reporter;
  }

  @Override
  public void log(LogStream stream, String text) {
    reporter.log(stream, text);
  }

  @Override
  public void launched(String name) {
    reporter.launched(name);
  }

  @Override
  public void usage(TokenUsage usage) {
    reporter.usage(usage);
  }

  @Override
  public void beforeCall() {
    reporter.beforeCall();
  }

  @Override
  public void toolCalled(ToolCall call) {
    reporter.toolCalled(call);
  }

  @Override
  public void subtask(TaskRequest request) {
    reporter.subtask(request);
  }
}
