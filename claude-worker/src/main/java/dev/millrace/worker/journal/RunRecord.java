package dev.millrace.worker.journal;

import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.TokenUsage;
import java.util.List;

/**
 * What is remembered of a run that ended.
 *
 * @param usages what each of its calls used
 */
public record RunRecord(AgentResult result, List<TokenUsage> usages) {

  public RunRecord {
    usages = List.copyOf(usages);
  }
}
