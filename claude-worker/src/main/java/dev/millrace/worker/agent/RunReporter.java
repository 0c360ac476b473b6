package dev.millrace.worker.agent;

import dev.millrace.schemas.agent.LogStream;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.schemas.task.TaskRequest;

/**
 * Tells what an agent does while it does it. It keeps the order, takes out what looks like a
 * credential, and cuts what is too long. It may be called from several threads.
 */
public interface RunReporter {

  /** Reports lines: of the agent itself, or of a process or model that it listens to. */
  void log(LogStream stream, String text);

  /** Reports a line about the agent's own work. */
  default void log(String line) {
    log(LogStream.COMBINED, line);
  }

  /**
   * Says that the run is a process of its own from now on.
   *
   * @param name {@code host-pid-} and the id of a process, or the name of a container
   */
  default void launched(String name) {}

  /** Reports what a call of a model used; its cost is added by the price table. */
  void usage(TokenUsage usage);

  /**
   * Says that the agent is about to call a model, which costs.
   *
   * @throws ApprovalRequiredException if the task may not spend more without an approval
   */
  default void beforeCall() {}

  /** Reports a tool that the agent called. */
  void toolCalled(ToolCall call);

  /** Asks for a task that the agent wants done by another. */
  void subtask(TaskRequest request);
}
