package dev.millrace.worker.budget;

import dev.millrace.worker.agent.TokenUsage;

/**
 * What was spent on models.
 *
 * @param microdollars millionths of a US dollar
 * @param tokens tokens read and written
 */
public record Spending(long microdollars, long tokens) {

  static Spending of(TokenUsage usage, long microdollars) {
    return new Spending(
        microdollars,
        usage.inputTokens()
            + usage.outputTokens()
            + usage.cacheReadTokens()
            + usage.cacheWriteTokens());
  }
}
