package dev.millrace.embedding.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document as text with a structure.
 *
 * @param text all of its text; places in the document are places in this text
 * @param title its title, if it says one
 * @param blocks its parts in order: without gaps, from the first character to the last
 * @param hasLines whether the lines of the text are lines of the document, as those of a PDF are
 *     not
 */
public record ParsedDocument(
    String text, @Nullable String title, List<Block> blocks, boolean hasLines) {

  public ParsedDocument {
    blocks = List.copyOf(blocks);
    int place = 0;
    for (Block block : blocks) {
      if (block.start() != place) {
        throw new IllegalArgumentException(
            "expected a block at character %d, found one at %d".formatted(place, block.start()));
      }
      place = block.end();
    }
    if (place != text.length()) {
      throw new IllegalArgumentException(
          "the blocks end at character %d, the text at %d".formatted(place, text.length()));
    }
  }
}
