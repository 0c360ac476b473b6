package dev.millrace.embedding.parse;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What editors put before a text to say how it is encoded. */
final class ByteOrderMark {

  private static final String MARK = "\uFEFF";

  private ByteOrderMark() {}

  /** The charset that it says, if there is one. */
  static Optional<Charset> of(byte[] content) {
    return Stream.of(UTF_8, UTF_16BE, UTF_16LE)
        .filter(charset -> {
          byte[] mark = MARK.getBytes(charset);
          return content.length >= mark.length
              && Arrays.equals(mark, 0, mark.length, content, 0, mark.length);
        })
        .findFirst();
  }

  /** The text without it. */
  static String strip(String text) {
    return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
  }
}
