package dev.millrace.embedding.parse;

import java.net.URLConnection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The parser for a document, by its media type. */
public final class Parsers {

  private static final String MARKDOWN = "text/markdown";
  private static final String PLAIN = "text/plain";
  private static final String HTML = "text/html";

  private static final Map<String, String> BY_EXTENSION =
      Map.of("md", MARKDOWN, "markdown", MARKDOWN, "mdx", MARKDOWN, "html", HTML, "htm", HTML);

  /**
   * Types that the Java platform knows by the end of a name and that are plain text all the same.
   */
  private static final Set<String> TEXT =
      Set.of("application/json", "application/xml", "application/javascript");

  private final Map<String, Parser> byMediaType;

  public Parsers(Map<String, Parser> byMediaType) {
    this.byMediaType = Map.copyOf(byMediaType);
  }

  /** Parsers for the formats that are built in. */
  public static Parsers standard() {
    Parser markdown = new MarkdownParser();
    return new Parsers(
        Map.of(MARKDOWN, markdown, "text/x-markdown", markdown, PLAIN, new PlainTextParser()));
  }

  /**
   * Reads a document.
   *
   * @param mediaType its media type, parameters allowed; guessed from the name when absent
   * @param name path or URI of the document
   * @throws UnparsableException if there is no parser for it, or it is not what it claims to be
   */
  public ParsedDocument parse(byte[] content, @Nullable String mediaType, String name) {
    String type = mediaType == null ? guess(name) : bare(mediaType);
    Parser parser = byMediaType.get(type);
    if (parser == null) {
      throw new UnparsableException(
          "expected a document of type %s, found %s"
              .formatted(String.join(" or ", new TreeSet<>(byMediaType.keySet())), type));
    }
    return parser.parse(content);
  }

  private static String bare(String mediaType) {
    int parameters = mediaType.indexOf(';');
    String type = parameters < 0 ? mediaType : mediaType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  /** Whether there is a parser for a file of this name. */
  public boolean canParse(String name) {
    return byMediaType.containsKey(guess(name));
  }

  /** What is not known by its name is taken for plain text, such as source code. */
  private static String guess(String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String type = BY_EXTENSION.get(extension);
    if (type != null) {
      return type;
    }
    String guessed = URLConnection.guessContentTypeFromName(name.replace('#', '_'));
    return guessed == null || guessed.startsWith("text/") || TEXT.contains(guessed)
        ? PLAIN
        : guessed;
  }
}
