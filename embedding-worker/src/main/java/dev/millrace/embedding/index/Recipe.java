package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import dev.millrace.embedding.chunk.ChunkLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How documents become vectors. A document that was made by another recipe is made anew though its
 * content is the same.
 *
 * @param model name of the embedding model
 * @param limits how long chunks are
 */
record Recipe(String model, ChunkLimits limits) {

  /** To be raised when chunks of the same limits come out differently. */
  private static final int VERSION = 1;

  /** Leaves a model of 256 word pieces room for a chunk of 200. */
  private static final int MAX_CONTEXT_LENGTH = 160;

  String id() {
    return "%s;%d;%d;v%d".formatted(model, limits.maxTokens(), limits.overlapTokens(), VERSION);
  }

  /**
   * What is embedded of a chunk: where it stands, unless it says so itself, and its text.
   *
   * @param title title given with the document; one that was found in it is among the headings
   */
  String text(Chunk chunk, @Nullable String title) {
    List<String> context = new ArrayList<>();
    if (title != null && !chunk.headingPath().contains(title)) {
      context.add(title);
    }
    String firstLine = chunk.content().lines().findFirst().orElse("");
    chunk.headingPath().stream().filter(h -> !firstLine.contains(h)).forEach(context::add);
    String where = String.join(" > ", context);
    if (where.isEmpty() || firstLine.equals(where)) {
      return chunk.content();
    }
    String shown =
        where.length() <= MAX_CONTEXT_LENGTH
            ? where
            : where.substring(where.length() - MAX_CONTEXT_LENGTH);
    return shown + "\n\n" + chunk.content();
  }
}
