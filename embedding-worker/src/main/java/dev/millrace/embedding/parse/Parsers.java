package dev.millrace.embedding.parse;

import java.net.URLConnection;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.jspecify.annotations.Nullable;

/** The parser for a document, by its media type. */
public final class Parsers {

  private static final String MARKDOWN = "text/markdown";
  private static final String PLAIN = "text/plain";
  private static final String HTML = "text/html";

  private static final String UNKNOWN = "application/octet-stream";
  private static final String XHTML = "application/xhtml+xml";
  private static final String PDF = "application/pdf";
  private static final String RTF = "application/rtf";
  private static final String OPEN_XML = "application/vnd.openxmlformats-officedocument.";
  private static final String OPEN_DOCUMENT = "application/vnd.oasis.opendocument.";

  /** What source code in any language is called here. */
  private static final String CODE = "text/x-source";

  /** Kinds of text that tell more of its structure, for who knows the name. */
  private static final Set<String> TEXT_BY_NAME = Set.of(MARKDOWN, CODE);

  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("md", MARKDOWN),
          Map.entry("markdown", MARKDOWN),
          Map.entry("mdx", MARKDOWN),
          Map.entry("html", HTML),
          Map.entry("htm", HTML),
          Map.entry("xhtml", XHTML),
          Map.entry("pdf", PDF),
          Map.entry("rtf", RTF),
          Map.entry("doc", "application/msword"),
          Map.entry("ppt", "application/vnd.ms-powerpoint"),
          Map.entry("xls", "application/vnd.ms-excel"),
          Map.entry("docx", OPEN_XML + "wordprocessingml.document"),
          Map.entry("pptx", OPEN_XML + "presentationml.presentation"),
          Map.entry("xlsx", OPEN_XML + "spreadsheetml.sheet"),
          Map.entry("odt", OPEN_DOCUMENT + "text"),
          Map.entry("odp", OPEN_DOCUMENT + "presentation"),
          Map.entry("ods", OPEN_DOCUMENT + "spreadsheet"));

  private static final Set<String> CODE_EXTENSIONS =
      Set.of(
          "java", "kt", "kts", "scala", "groovy", "py", "rb", "js", "mjs", "cjs", "jsx", "ts",
          "tsx", "go", "rs", "c", "h", "cc", "cpp", "hpp", "cs", "swift", "php", "pl", "lua", "sh",
          "bash", "sql", "r", "dart", "ex", "exs", "proto", "tf");

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
    return standard(Limits.DEFAULT);
  }

  /**
   * Parsers for the formats that are built in.
   *
   * @param limits of what a document may unpack to
   */
  public static Parsers standard(Limits limits) {
    Parser markdown = new MarkdownParser();
    Map<String, Parser> parsers = new HashMap<>();
    parsers.put(MARKDOWN, markdown);
    parsers.put("text/x-markdown", markdown);
    parsers.put(PLAIN, new PlainTextParser());
    parsers.put("application/json", new PlainTextParser());
    parsers.put(CODE, new SourceCodeParser());
    RichDocumentParser.Check none = content -> {};
    BiConsumer<String, org.apache.tika.parser.Parser> rich =
        (type, parser) -> parsers.put(type, new RichDocumentParser(parser, type, limits, none));
    rich.accept(HTML, new JSoupParser());
    rich.accept(XHTML, new JSoupParser());
    rich.accept(RTF, new RTFParser());
    rich.accept("text/rtf", new RTFParser());
    for (String type :
        List.of(
            "application/msword", "application/vnd.ms-powerpoint", "application/vnd.ms-excel")) {
      rich.accept(type, new OfficeParser());
    }
    for (String type :
        List.of(
            "wordprocessingml.document", "presentationml.presentation", "spreadsheetml.sheet")) {
      rich.accept(OPEN_XML + type, new OOXMLParser());
    }
    for (String type : List.of("text", "presentation", "spreadsheet")) {
      rich.accept(OPEN_DOCUMENT + type, new OpenDocumentParser());
    }
    PdfStreams check = new PdfStreams(limits.maxUnpackedBytes());
    parsers.put(PDF, new RichDocumentParser(new PDFParser(), PDF, limits, check));
    return new Parsers(parsers);
  }

  /**
   * The same, but for the formats that a large library reads.
   *
   * @param replacing parser for documents of a media type
   */
  public Parsers withRich(Function<String, Parser> replacing) {
    Map<String, Parser> parsers = new HashMap<>(byMediaType);
    parsers.replaceAll(
        (type, parser) -> parser instanceof RichDocumentParser ? replacing.apply(type) : parser);
    return new Parsers(parsers);
  }

  /**
   * Reads a document.
   *
   * @param mediaType its media type, may name its charset; guessed from the name when absent
   * @param name path or URI of the document
   * @throws UnparsableException if there is no parser for it, or it is not what it claims to be
   */
  public ParsedDocument parse(byte[] content, @Nullable String mediaType, String name)
      throws InterruptedException {
    String type = type(mediaType, name);
    Parser parser = byMediaType.get(type);
    if (parser == null) {
      throw new UnparsableException(
          "expected a document of type %s, found %s"
              .formatted(String.join(" or ", new TreeSet<>(byMediaType.keySet())), type));
    }
    try {
      return parser.parse(content, charset(mediaType));
    } catch (StackOverflowError e) {
      throw new UnparsableException(
          "expected a document of type %s, found one that is nested too deeply".formatted(type), e);
    }
  }

  /**
   * How a document is read: as which type, and in which charset where the sender names one. The
   * same content in another format is another document.
   *
   * @param mediaType as of {@link #parse}
   * @param name as of {@link #parse}
   * @throws UnparsableException if the charset is not known
   */
  public String format(@Nullable String mediaType, String name) {
    Charset named = charset(mediaType);
    return named == null ? type(mediaType, name) : type(mediaType, name) + ";" + named.name();
  }

  /**
   * The type that the sender says, if there is a parser for it and the name does not tell more:
   * servers call Markdown and source code plain text, and there are more types of text than anybody
   * has parsers for.
   */
  private String type(@Nullable String mediaType, String name) {
    String said = mediaType == null ? UNKNOWN : bare(mediaType);
    String guessed = guess(name);
    boolean known = byMediaType.containsKey(said);
    if (said.equals(PLAIN) || (!known && said.startsWith("text/"))) {
      return TEXT_BY_NAME.contains(guessed) ? guessed : PLAIN;
    }
    if (known) {
      return said;
    }
    return said.equals(UNKNOWN) || byMediaType.containsKey(guessed) ? guessed : said;
  }

  private static @Nullable Charset charset(@Nullable String mediaType) {
    Matcher named = CHARSET.matcher(mediaType == null ? "" : mediaType);
    if (!named.find()) {
      return null;
    }
    try {
      return Charset.forName(named.group(1));
    } catch (IllegalArgumentException e) {
      throw new UnparsableException(
          "expected text in a charset that Java knows, found " + named.group(1), e);
    }
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
    String type = CODE_EXTENSIONS.contains(extension) ? CODE : BY_EXTENSION.get(extension);
    if (type != null) {
      return type;
    }
    String guessed = URLConnection.guessContentTypeFromName(name.replace('#', '_'));
    return guessed == null || guessed.startsWith("text/") || TEXT.contains(guessed)
        ? PLAIN
        : guessed;
  }
}
