package dev.millrace.embedding.parse;

import dev.millrace.embedding.parse.Block.Kind;
import dev.millrace.runtime.failure.Texts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects a document part by part, as parsers find them: its text, and the blocks with the
 * headings above them.
 */
final class Outline {

  /** In characters; a longer heading is cut. */
  static final int MAX_HEADING_LENGTH = 200;

  private final StringBuilder text = new StringBuilder();
  private final List<Block> blocks = new ArrayList<>();
  private final List<Rank> headings = new ArrayList<>();
  private @Nullable Integer page;

  private record Rank(int level, String heading) {}

  /** Parts from now on are on this page. */
  void page(int number) {
    page = number;
  }

  /** Characters so far. */
  int length() {
    return text.length();
  }

  /**
   * Adds a heading.
   *
   * @param level its rank, 1 the highest
   */
  void heading(int level, String words, String source) {
    headings.removeIf(outer -> outer.level() >= level);
    String heading = words.strip();
    if (!heading.isEmpty()) {
      headings.add(new Rank(level, Texts.shorten(heading, MAX_HEADING_LENGTH)));
    }
    add(source, Kind.HEADING, level);
  }

  /** Adds a part that is no heading. */
  void part(String source, Kind kind) {
    add(source, kind, 0);
  }

  private void add(String source, Kind kind, int level) {
    if (source.isEmpty()) {
      return;
    }
    int start = text.length();
    text.append(source);
    blocks.add(
        new Block(
            start,
            text.length(),
            kind,
            level,
            headings.stream().map(Rank::heading).toList(),
            page));
  }

  ParsedDocument document(@Nullable String title, boolean hasLines) {
    return new ParsedDocument(text.toString(), title, blocks, hasLines);
  }
}
