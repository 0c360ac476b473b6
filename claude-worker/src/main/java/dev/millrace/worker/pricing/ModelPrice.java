package dev.millrace.worker.pricing;

import dev.millrace.worker.agent.TokenUsage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Prices of one model in US dollars per million tokens, which is the same as microdollars per
 * token.
 */
public record ModelPrice(
    BigDecimal input, BigDecimal output, BigDecimal cacheRead, BigDecimal cacheWrite) {

  public ModelPrice {
    if (input.signum() < 0
        || output.signum() < 0
        || cacheRead.signum() < 0
        || cacheWrite.signum() < 0) {
      throw new IllegalArgumentException("a price is not below 0");
    }
  }

  /** What a call costs, in microdollars, rounded to the next whole one. */
  public long microdollars(TokenUsage usage) {
    return input
        .multiply(BigDecimal.valueOf(usage.inputTokens()))
        .add(output.multiply(BigDecimal.valueOf(usage.outputTokens())))
        .add(cacheRead.multiply(BigDecimal.valueOf(usage.cacheReadTokens())))
        .add(cacheWrite.multiply(BigDecimal.valueOf(usage.cacheWriteTokens())))
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
