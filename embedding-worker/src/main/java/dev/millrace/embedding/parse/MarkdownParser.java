package dev.millrace.embedding.parse;

import dev.millrace.embedding.parse.Block.Kind;
import dev.millrace.runtime.failure.Texts;
import dev.millrace.runtime.markdown.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SourceSpan;
import org.commonmark.parser.IncludeSourceSpans;
import org.jspecify.annotations.Nullable;

/** Reads Markdown as CommonMark defines it, with YAML front matter. */
final class MarkdownParser implements TextParser {

  /** A line, and YAML with a key at its beginning: a text between two lines is no front matter. */
  private static final Pattern FRONT_MATTER_START =
      Pattern.compile(
          "\\A---[ \\t]*\\R(?=(?:[ \\t]*(?:#.*)?\\R){0,20}[\\w\"'][^:\\r\\n]*:(?:\\s|\\z))");

  private static final Pattern FRONT_MATTER_END =
      Pattern.compile("(?m)^(?:---|\\.\\.\\.)[ \\t]*(?:\\R|\\z)");
  private static final Pattern TITLE =
      Pattern.compile("(?m)^title:[ \\t]+(?<quote>[\"']?)(?<title>[^>|\"'].*?)\\k<quote>[ \\t]*$");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
  private static final Pattern LINE = Pattern.compile("[^\\r\\n]+");

  /** In characters; a longer one is cut. */
  private static final int MAX_HEADING_LENGTH = 200;

  /** No text for people is nested as deeply; what is would take time by the square of its depth. */
  private static final int MAX_NESTING = 64;

  private final org.commonmark.parser.Parser markdown =
      org.commonmark.parser.Parser.builder()
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .maxOpenBlockParsers(MAX_NESTING)
          .maxInlineNesting(MAX_NESTING)
          .build();

  @Override
  public ParsedDocument parse(String text) {
    Outline outline = new Outline(text);
    int frontMatter = frontMatter(text);
    String body = text;
    String title = null;
    if (frontMatter > 0) {
      outline.add(0, Kind.FRONT_MATTER);
      outline.add(frontMatter, Kind.TEXT);
      title = title(text.substring(0, frontMatter));
      body = blank(text.substring(0, frontMatter)) + text.substring(frontMatter);
    }
    Node document = markdown.parse(body);
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      outline.add(node);
    }
    return outline.document(title);
  }

  /** Characters of the front matter; 0 if there is none. */
  private static int frontMatter(String text) {
    Matcher start = FRONT_MATTER_START.matcher(text);
    if (!start.find()) {
      return 0;
    }
    Matcher end = FRONT_MATTER_END.matcher(text);
    return end.find(start.end()) ? end.end() : 0;
  }

  /** A title on one line, as front matter has it nearly always; other YAML is nobody's title. */
  private static @Nullable String title(String frontMatter) {
    Matcher found = TITLE.matcher(frontMatter);
    if (!found.find()) {
      return null;
    }
    String title = CONTROL.matcher(found.group("title")).replaceAll(" ").strip();
    return title.isEmpty() ? null : Texts.shorten(title, MAX_HEADING_LENGTH);
  }

  /** Spaces in place of a text, so that what follows keeps its place. */
  private static String blank(String text) {
    return LINE.matcher(text).replaceAll(line -> " ".repeat(line.end() - line.start()));
  }

  /** Collects where blocks begin, and under which headings. */
  private static final class Outline {

    private record Start(int place, Kind kind, int level, List<String> headingPath) {}

    private record Rank(int level, String heading) {}

    private final String text;
    private final List<Start> starts = new ArrayList<>();
    private final List<Rank> headings = new ArrayList<>();

    Outline(String text) {
      this.text = text;
    }

    void add(Node node) {
      switch (node) {
        case Heading heading -> addHeading(heading);
        case ListBlock list -> {
          for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
            add(item, Kind.TEXT);
          }
        }
        case FencedCodeBlock _, IndentedCodeBlock _ -> add(node, Kind.LINES);
        case Paragraph paragraph when isTable(paragraph) -> add(node, Kind.LINES);
        default -> add(node, Kind.TEXT);
      }
    }

    void add(int place, Kind kind) {
      starts.add(new Start(place, kind, 0, headingPath()));
    }

    private void add(Node node, Kind kind) {
      List<SourceSpan> spans = node.getSourceSpans();
      if (!spans.isEmpty()) {
        add(lineStart(spans.getFirst().getInputIndex()), kind);
      }
    }

    /** CommonMark itself has no tables: to it they are paragraphs. */
    private boolean isTable(Paragraph paragraph) {
      List<SourceSpan> spans = paragraph.getSourceSpans();
      return spans.size() > 1
          && spans.stream().allMatch(span -> text.charAt(span.getInputIndex()) == '|');
    }

    private void addHeading(Heading heading) {
      headings.removeIf(outer -> outer.level() >= heading.getLevel());
      String words = words(heading);
      if (!words.isEmpty()) {
        headings.add(new Rank(heading.getLevel(), words));
      }
      int place = lineStart(heading.getSourceSpans().getFirst().getInputIndex());
      starts.add(new Start(place, Kind.HEADING, heading.getLevel(), headingPath()));
    }

    private List<String> headingPath() {
      return headings.stream().map(Rank::heading).toList();
    }

    /** The indentation of a line belongs to it. */
    private int lineStart(int place) {
      int start = place;
      while (start > 0 && text.charAt(start - 1) != '\n' && text.charAt(start - 1) != '\r') {
        start--;
      }
      return start;
    }

    /** The blocks: each ends where the next begins, and the first begins with the text. */
    ParsedDocument document(@Nullable String titleByFrontMatter) {
      List<Block> blocks = new ArrayList<>();
      int place = 0;
      for (int i = 0; i < starts.size(); i++) {
        Start start = starts.get(i);
        int end = i + 1 < starts.size() ? starts.get(i + 1).place() : text.length();
        if (end > place) {
          blocks.add(new Block(place, end, start.kind(), start.level(), start.headingPath()));
          place = end;
        }
      }
      if (place < text.length()) {
        blocks.add(new Block(place, text.length(), Kind.TEXT, 0, headingPath()));
      }
      String heading = title();
      String title = heading == null ? titleByFrontMatter : heading;
      return new ParsedDocument(text, title, blocks, true);
    }

    private @Nullable String title() {
      return starts.stream()
          .filter(start -> start.level() == 1 && !start.headingPath().isEmpty())
          .map(start -> start.headingPath().getLast())
          .findFirst()
          .orElse(null);
    }

    private static String words(Heading heading) {
      return Texts.shorten(PlainText.of(heading), MAX_HEADING_LENGTH);
    }
  }
}
