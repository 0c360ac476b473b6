package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.ChunkLimits;

/**
 * How documents become vectors. A document that was made by another recipe is made anew though its
 * content is the same.
 *
 * @param model name of the embedding model
 * @param limits how long chunks are
 */
record Recipe(String model, ChunkLimits limits) {

  /** To be raised when chunks of the same limits come out differently. */
  private static final int VERSION = 2;

  String id() {
    return "%s;%d;%d;v%d".formatted(model, limits.maxTokens(), limits.overlapTokens(), VERSION);
  }
}
