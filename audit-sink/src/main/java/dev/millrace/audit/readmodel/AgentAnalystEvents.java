package dev.millrace.audit.readmodel;

import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.agent.RunError;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.schemas.agent.Usage;
import dev.millrace.schemas.event.EventNames;

/** What a step of a run means to an analyst. */
final class AgentAnalystEvents {

  private AgentAnalystEvents() {}

  static AnalystEvent of(AgentEvent event) {
    Details data =
        new Details()
            .put("run_id", event.getRunId())
            .put("agent", event.getAgent())
            .put("queue", event.getQueue())
            .put("attempt", event.getAttempt())
            .put("role", event.getRole())
            .put("provider", event.getProvider())
            .put("model", event.getModel())
            .put("outcome", event.getOutcome())
            .put("exit_code", event.getExitCode())
            .json("result", event.getResult());
    RunError error = event.getError();
    if (error != null) {
      data.put("error_code", error.getCode()).put("error", error.getMessage());
    }
    Usage usage = event.getUsage();
    if (usage != null) {
      data.put("input_tokens", usage.getInputTokens())
          .put("output_tokens", usage.getOutputTokens())
          .put("cost_microdollars", usage.getCostMicrodollars());
    }
    ToolCall tool = event.getTool();
    if (tool != null) {
      data.put("tool", tool.getName())
          .json("arguments", tool.getArguments())
          .put("succeeded", tool.getSucceeded())
          .put("summary", tool.getSummary())
          .put("duration_ms", tool.getDurationMs());
    }
    Commit commit = event.getCommit();
    if (commit != null) {
      data.put("repository", commit.getRepository())
          .put("branch", commit.getBranch())
          .put("sha", commit.getSha())
          .put("url", commit.getUrl())
          .list("paths", commit.getPaths());
    }
    return AnalystEvent.of(
            EventNames.of(event.getType()), event.getRunId(), data, event.getOccurredAt())
        .task(event.getTaskId(), null)
        .identity(event.getEventId());
  }
}
