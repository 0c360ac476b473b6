package dev.millrace.embedding.parse;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.failure.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.html.HtmlMapper;
import org.apache.tika.parser.html.IdentityHtmlMapper;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.sax.SecureContentHandler;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * Reads web pages, PDF and Office documents with Apache Tika. Pictures and attached files in them
 * are not read. What would unpack to far more than it should, or takes too long, is refused.
 */
final class RichDocumentParser implements Parser {

  /** Main memory for a PDF; what is more goes to a temporary file. */
  private static final long PDF_MEMORY_BYTES = 64L << 20;

  /** Elements within each other; pages made by programs have more than Tika's 100. */
  private static final int MAX_DEPTH = 1_000;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

  private final org.apache.tika.parser.Parser parser;
  private final String mediaType;
  private final Limits limits;
  private final Check check;

  /** Looks at a document before it is parsed. */
  @FunctionalInterface
  interface Check {
    /**
     * Looks at it.
     *
     * @throws UnparsableException if it must not be parsed
     */
    void accept(byte[] content);
  }

  /**
   * @param check of the content before anything is unpacked
   */
  RichDocumentParser(
      org.apache.tika.parser.Parser parser, String mediaType, Limits limits, Check check) {
    this.parser = parser;
    this.mediaType = mediaType;
    this.limits = limits;
    this.check = check;
  }

  @Override
  public ParsedDocument parse(byte[] content, @Nullable Charset named) {
    check.accept(content);
    XhtmlOutline outline = new XhtmlOutline(limits.maxCharacters(), deadline(limits.time()));
    Metadata metadata = new Metadata();
    metadata.set(Metadata.CONTENT_TYPE, mediaType);
    try (TikaInputStream stream = TikaInputStream.get(content)) {
      SecureContentHandler secure = new SecureContentHandler(outline, stream);
      secure.setMaximumDepth(MAX_DEPTH);
      try {
        parser.parse(stream, secure, metadata, context(content, named));
      } catch (SAXException e) {
        secure.throwIfCauseOf(e);
        throw e;
      }
    } catch (EncryptedDocumentException e) {
      throw new UnparsableException("expected a document without a password", e);
    } catch (UnparsableException e) {
      throw e;
    } catch (IOException | TikaException | SAXException | RuntimeException | StackOverflowError e) {
      throw refused(e);
    }
    ParsedDocument document = outline.document(title(metadata));
    if (content.length > 0 && document.blocks().isEmpty()) {
      throw new UnparsableException(
          "expected a document of type %s with text in it, found none".formatted(mediaType));
    }
    return document;
  }

  /** Parsers fail on broken documents in many ways; one of them may be a refusal of ours. */
  private UnparsableException refused(Throwable failure) {
    return Causes.find(failure, UnparsableException.class)
        .orElseGet(() ->
            new UnparsableException(
                "expected a document of type %s, found one that is broken: %s"
                    .formatted(mediaType, reason(failure)),
                failure));
  }

  /** What was found of a bomb says more than that one was found. */
  private static @Nullable String reason(Throwable failure) {
    return failure instanceof TikaException && failure.getCause() instanceof SAXException bomb
        ? bomb.getMessage()
        : failure.getMessage();
  }

  private static Runnable deadline(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> {
      if (System.nanoTime() - end > 0) {
        throw new UnparsableException(
            "expected a document that can be read in %d s".formatted(time.toSeconds()));
      }
    };
  }

  private static ParseContext context(byte[] content, @Nullable Charset named) {
    ParseContext context = new ParseContext();
    if (named != null) {
      Charset charset = ByteOrderMark.of(content).orElse(named);
      context.set(EncodingDetector.class, (stream, metadata) -> charset);
    }
    context.set(HtmlMapper.class, IdentityHtmlMapper.INSTANCE);
    context.set(EmbeddedDocumentExtractor.class, new NothingEmbedded());
    PDFParserConfig pdf = new PDFParserConfig();
    pdf.setMaxMainMemoryBytes(PDF_MEMORY_BYTES);
    pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
    pdf.setExtractBookmarksText(false);
    context.set(PDFParserConfig.class, pdf);
    return context;
  }

  /** Nobody looks at it when a document is written: it may be anything, of any length. */
  private static @Nullable String title(Metadata metadata) {
    return Optional.ofNullable(metadata.get(TikaCoreProperties.TITLE))
        .map(title -> CONTROL.matcher(title).replaceAll(" ").strip())
        .filter(title -> !title.isEmpty())
        .map(title -> Texts.shorten(title, Outline.MAX_HEADING_LENGTH))
        .orElse(null);
  }

  private static final class NothingEmbedded implements EmbeddedDocumentExtractor {

    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
      return false;
    }

    @Override
    public void parseEmbedded(
        InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
      // Never asked to, see above.
    }
  }
}
