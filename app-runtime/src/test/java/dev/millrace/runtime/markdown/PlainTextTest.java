package dev.millrace.runtime.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;

class PlainTextTest {

  @Test
  void markupIsLeftOut() {
    assertThat(words("## The *first* `line` of [another](https://example.org)"))
        .isEqualTo("The first line of another");
  }

  @Test
  void linesAreOne() {
    assertThat(words("one\ntwo  \nthree\\\nfour")).isEqualTo("one two three four");
  }

  private static String words(String markdown) {
    return PlainText.of(Parser.builder().build().parse(markdown));
  }
}
