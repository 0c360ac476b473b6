package dev.millrace.worker.agent;

import dev.millrace.runtime.pricing.ModelPrice;

/**
 * What one call of a model used. Counts that cannot be are held within what can: they come from
 * outside, and budgets are reckoned with them.
 *
 * @param model model that answered
 * @param inputTokens tokens read, without those from the cache
 * @param outputTokens tokens written
 * @param cacheReadTokens tokens read from the prompt cache
 * @param cacheWriteTokens tokens written to the prompt cache
 */
public record TokenUsage(
    String model,
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWriteTokens) {

  /** No call has more tokens of a kind. */
  public static final long MAX_TOKENS = 1_000_000_000;

  public TokenUsage {
    inputTokens = Math.clamp(inputTokens, 0, MAX_TOKENS);
    outputTokens = Math.clamp(outputTokens, 0, MAX_TOKENS);
    cacheReadTokens = Math.clamp(cacheReadTokens, 0, MAX_TOKENS);
    cacheWriteTokens = Math.clamp(cacheWriteTokens, 0, MAX_TOKENS);
  }

  /** What it costs at this price, in microdollars. */
  public long costAt(ModelPrice price) {
    return price.microdollars(inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens);
  }
}
