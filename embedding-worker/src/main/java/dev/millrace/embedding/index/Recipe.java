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
  private static final int VERSION = 3;

  /**
   * Names the recipe for documents of a format.
   *
   * @param format how they are read, as {@link dev.millrace.embedding.parse.Parsers#format} tells
   */
  String id(String format) {
    return "%s;%d;%d;v%d;%s"
        .formatted(model, limits.maxTokens(), limits.overlapTokens(), VERSION, format);
  }
}
