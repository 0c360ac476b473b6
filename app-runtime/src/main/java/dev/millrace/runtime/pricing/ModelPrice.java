package dev.millrace.runtime.pricing;

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

  /**
   * What a call costs, in microdollars, rounded to the next whole one.
   *
   * @param read tokens read, without those from the cache
   * @param written tokens written
   * @param readFromCache tokens read from the prompt cache
   * @param writtenToCache tokens written to the prompt cache
   */
  public long microdollars(long read, long written, long readFromCache, long writtenToCache) {
    return input
        .multiply(BigDecimal.valueOf(read))
        .add(output.multiply(BigDecimal.valueOf(written)))
        .add(cacheRead.multiply(BigDecimal.valueOf(readFromCache)))
        .add(cacheWrite.multiply(BigDecimal.valueOf(writtenToCache)))
        .setScale(0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
