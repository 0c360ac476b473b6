package dev.millrace.embedding.parse;

import dev.millrace.embedding.parse.Block.Kind;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Makes an outline of the XHTML that Tika turns documents into: headings, paragraphs, list items,
 * rows of tables, code, and pages. What surrounds the content of web pages is left out.
 */
final class XhtmlOutline extends DefaultHandler {

  private static final Set<String> LEFT_OUT =
      Set.of("script", "style", "nav", "aside", "footer", "noscript", "template", "svg", "title");

  private static final Set<String> PARTS =
      Set.of(
          "p",
          "li",
          "tr",
          "pre",
          "blockquote",
          "div",
          "section",
          "article",
          "main",
          "table",
          "ul",
          "ol",
          "dl",
          "dt",
          "dd",
          "body",
          "header",
          "figure",
          "figcaption");

  /** Parts that are lines of their own. */
  private static final Set<String> LINES = Set.of("tr", "pre");

  /** Parts whose text is pages, slides or sheets in Tika's XHTML. */
  private static final Set<String> PAGES = Set.of("page", "slide-content");

  private static final int MAX_CELL_CHARACTERS = 200;

  private final Outline outline = new Outline();
  private final StringBuilder part = new StringBuilder();
  private final int maxCharacters;
  private final Runnable deadline;
  private Kind kind = Kind.TEXT;
  private int headingLevel;
  private int leftOut;
  private int pages;
  private int preformatted;
  private int rows;
  private int cellStart;

  /**
   * @param maxCharacters of the text at most
   * @param deadline throws when the time is up
   */
  XhtmlOutline(int maxCharacters, Runnable deadline) {
    this.maxCharacters = maxCharacters;
    this.deadline = deadline;
  }

  @Override
  public void startElement(
      @Nullable String uri, String localName, String qualifiedName, Attributes attributes)
      throws SAXException {
    deadline.run();
    String element = localName.toLowerCase(Locale.ROOT);
    if (leftOut > 0 || LEFT_OUT.contains(element)) {
      leftOut++;
      return;
    }
    String kindOfPart = attributes.getValue("class");
    if (element.equals("div") && kindOfPart != null && PAGES.contains(kindOfPart)) {
      finish();
      outline.page(++pages);
    } else if (isHeading(element)) {
      finish();
      headingLevel = element.charAt(1) - '0';
    } else if (isOfCell(element)) {
      part.append(' ');
    } else if (PARTS.contains(element)) {
      finish();
      kind = LINES.contains(element) ? Kind.LINES : Kind.TEXT;
      rows += element.equals("tr") ? 1 : 0;
      preformatted += element.equals("pre") ? 1 : 0;
    } else if (element.equals("td") || element.equals("th")) {
      part.append(part.chars().allMatch(Character::isWhitespace) ? "" : " | ");
      cellStart = part.length();
    } else if (element.equals("br")) {
      part.append('\n');
    }
  }

  @Override
  public void endElement(@Nullable String uri, String localName, String qualifiedName) {
    String element = localName.toLowerCase(Locale.ROOT);
    if (leftOut > 0) {
      leftOut--;
    } else if (isOfCell(element)) {
      part.append(' ');
    } else if (isHeading(element) || PARTS.contains(element)) {
      finish();
      rows -= element.equals("tr") ? 1 : 0;
      preformatted -= element.equals("pre") ? 1 : 0;
    }
  }

  @Override
  public void characters(char[] characters, int start, int length) {
    deadline.run();
    if (leftOut > 0) {
      return;
    }
    if (outline.length() + part.length() + length > maxCharacters) {
      throw new UnparsableException(
          "expected at most %d characters of text, found more".formatted(maxCharacters));
    }
    part.append(characters, start, length);
  }

  @Override
  public void ignorableWhitespace(char[] characters, int start, int length) {
    characters(characters, start, length);
  }

  /**
   * Whether an element is a paragraph, a list or the like in a cell of a row, which stays one part.
   * Not so in a cell with more text than tables of figures and names have: it lays out a page.
   */
  private boolean isOfCell(String element) {
    return rows > 0
        && PARTS.contains(element)
        && !LINES.contains(element)
        && part.length() - cellStart <= MAX_CELL_CHARACTERS;
  }

  private static boolean isHeading(String element) {
    return element.length() == 2
        && element.charAt(0) == 'h'
        && element.charAt(1) >= '1'
        && element.charAt(1) <= '6';
  }

  private void finish() {
    String words = words();
    if (!words.isEmpty()) {
      if (headingLevel > 0) {
        String heading = words.replaceAll("\\s+", " ");
        outline.heading(headingLevel, heading, heading + "\n\n");
      } else {
        outline.part(words + (kind == Kind.LINES ? "\n" : "\n\n"), kind);
      }
    }
    part.setLength(0);
    cellStart = 0;
    headingLevel = 0;
    kind = Kind.TEXT;
  }

  private String words() {
    String text = part.toString().replace("\0", "");
    if (preformatted > 0) {
      return text.stripTrailing();
    }
    return kind == Kind.LINES
        ? text.replaceAll("[\\s\\u00A0]+", " ").strip()
        : text.replaceAll("[ \\t\\x0B\\f\\r\\u00A0]+", " ").strip();
  }

  ParsedDocument document(@Nullable String title) {
    finish();
    return outline.document(title, false);
  }
}
