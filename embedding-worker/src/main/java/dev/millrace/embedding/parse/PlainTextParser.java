package dev.millrace.embedding.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads plain text: paragraphs with empty lines between them. */
final class PlainTextParser implements TextParser {

  private static final Pattern EMPTY_LINES = Pattern.compile("\\R(?:[ \\t]*\\R)+");

  @Override
  public ParsedDocument parse(String text) {
    List<Block> blocks = new ArrayList<>();
    int start = 0;
    Matcher gap = EMPTY_LINES.matcher(text);
    while (gap.find()) {
      blocks.add(paragraph(start, gap.end()));
      start = gap.end();
    }
    if (start < text.length()) {
      blocks.add(paragraph(start, text.length()));
    }
    return new ParsedDocument(text, null, blocks, true);
  }

  private static Block paragraph(int start, int end) {
    return new Block(start, end, Block.Kind.TEXT, 0, List.of());
  }
}
