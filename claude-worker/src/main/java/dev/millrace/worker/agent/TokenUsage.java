package dev.millrace.worker.agent;

import dev.millrace.runtime.pricing.ModelPrice;

/**
 * What one call of a model used.
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

  /** What it costs at this price, in microdollars. */
  public long costAt(ModelPrice price) {
    return price.microdollars(inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens);
  }
}
