package dev.millrace.embedding.parse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads documents whose bytes are text. */
interface TextParser extends Parser {

  /** Reads a document. */
  ParsedDocument parse(String text);

  @Override
  default ParsedDocument parse(byte[] content, @Nullable Charset named) {
    return parse(decode(content, named));
  }

  /**
   * The text that bytes are: in the charset that a byte order mark says, else in the one that the
   * sender named, else in UTF-8. Where they are not, they are refused: garbled text would be found
   * by nobody, and nobody would know why.
   *
   * @param named by the sender
   */
  private static String decode(byte[] content, @Nullable Charset named) {
    Charset charset = ByteOrderMark.of(content).or(() -> Optional.ofNullable(named)).orElse(UTF_8);
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
    return ByteOrderMark.strip(text);
  }
}
