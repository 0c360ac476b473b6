package dev.millrace.embedding.parse;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads documents whose bytes are text. */
interface TextParser extends Parser {

  /** What editors put before a text to say how it is encoded. */
  String BYTE_ORDER_MARK = "\uFEFF";

  /** Reads a document. */
  ParsedDocument parse(String text);

  @Override
  default ParsedDocument parse(byte[] content) {
    return parse(decode(content, null));
  }

  /**
   * The text that bytes are: in the charset that a byte order mark says, else in the one that the
   * sender named, else in UTF-8. Where they are not, they are refused: garbled text would be found
   * by nobody, and nobody would know why.
   *
   * @param named by the sender
   */
  static String decode(byte[] content, @Nullable Charset named) {
    Charset charset = marked(content).or(() -> Optional.ofNullable(named)).orElse(UTF_8);
    String text;
    try {
      text = charset.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new UnparsableException(
          "expected text in %s, found other bytes; a media type may name another charset, as in"
                  .formatted(charset)
              + " text/plain; charset=windows-1252");
    }
    if (text.indexOf('\0') >= 0) {
      throw new UnparsableException("expected text, found NUL characters as of a binary file");
    }
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  private static Optional<Charset> marked(byte[] content) {
    return Stream.of(UTF_8, UTF_16BE, UTF_16LE)
        .filter(charset -> {
          byte[] mark = BYTE_ORDER_MARK.getBytes(charset);
          return content.length >= mark.length
              && Arrays.equals(mark, 0, mark.length, content, 0, mark.length);
        })
        .findFirst();
  }
}
