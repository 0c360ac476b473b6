package dev.millrace.embedding.chunk;

/**
 * How long chunks are.
 *
 * @param maxTokens tokens of a chunk at most
 * @param overlapTokens tokens at the start of a chunk, at most, that repeat the end of the one
 *     before, where a text is cut that belongs together
 */
public record ChunkLimits(int maxTokens, int overlapTokens) {

  public static final int MIN_TOKENS = 16;

  public ChunkLimits {
    if (maxTokens < MIN_TOKENS) {
      throw new IllegalArgumentException(
          "expected chunks of %d tokens or more, found %d".formatted(MIN_TOKENS, maxTokens));
    }
    if (overlapTokens < 0 || overlapTokens > maxTokens / 2) {
      throw new IllegalArgumentException(
          "expected an overlap of 0 to %d tokens, half a chunk, found %d"
              .formatted(maxTokens / 2, overlapTokens));
    }
  }

  /** Below it, a section is put together with its neighbour of the same or a lower rank. */
  int smallTokens() {
    return maxTokens / 4;
  }
}
