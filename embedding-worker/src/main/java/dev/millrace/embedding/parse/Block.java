package dev.millrace.embedding.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a document that belongs together: a paragraph, an item of a list, a piece of code.
 *
 * @param start its first character
 * @param end the character after its last, white space behind it included
 * @param kind what it is
 * @param level rank of a heading, 1 the highest; 0 for everything else
 * @param headingPath headings it stands under, the outermost first; a heading's own is the last
 * @param page page it begins on, from 1; null in a document without pages
 */
public record Block(
    int start, int end, Kind kind, int level, List<String> headingPath, @Nullable Integer page) {

  /** A block of a document without pages. */
  public Block(int start, int end, Kind kind, int level, List<String> headingPath) {
    this(start, end, kind, level, headingPath, null);
  }

  /** What a block is. */
  public enum Kind {
    HEADING,
    /** Running text. */
    TEXT,
    /** What is said about the document before it begins; no text of it. */
    FRONT_MATTER,
    /** Source code, a table: text whose lines belong together. */
    LINES
  }

  public Block {
    headingPath = List.copyOf(headingPath);
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("expected a block of text, found " + start + " to " + end);
    }
    if ((kind == Kind.HEADING) != (level > 0)) {
      throw new IllegalArgumentException("headings and only they have a rank, not " + kind);
    }
  }
}
