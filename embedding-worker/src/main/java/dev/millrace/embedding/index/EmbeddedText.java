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
    return end(where) + "\n\n" + chunk.content();
  }

  /** The innermost headings say most; half of a character is nothing that a model reads. */
  private static String end(String where) {
    int start = Math.max(0, where.length() - MAX_CONTEXT_LENGTH);
    return where.substring(Character.isLowSurrogate(where.charAt(start)) ? start + 1 : start);
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
