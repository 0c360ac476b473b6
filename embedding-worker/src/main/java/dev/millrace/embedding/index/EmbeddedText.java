package dev.millrace.embedding.index;

import dev.millrace.embedding.chunk.Chunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text that a chunk is embedded as. */
final class EmbeddedText {

  /** Leaves a model of 256 word pieces room for a chunk of 200. */
  private static final int MAX_CONTEXT_LENGTH = 160;

  private EmbeddedText() {}

  /**
   * What is embedded of a chunk: where it stands, unless it says so itself, and its text.
   *
   * @param title title given with the document; one that was found in it is among the headings
   */
  static String of(Chunk chunk, @Nullable String title) {
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

  /**
   * What was embedded of a chunk that is in the index.
   *
   * @param title title of its document, given with it or found in it
   * @param hash hash of what was embedded, which tells the two apart
   */
  static String stored(Chunk chunk, @Nullable String title, String hash) {
    String found = of(chunk, null);
    return Hashes.of(found).equals(hash) ? found : of(chunk, title);
  }
}
