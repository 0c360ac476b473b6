package dev.millrace.embedding.parse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts that make careless parsers overflow their stack or go on for hours. */
class HostileTextTest {

  private final Parsers parsers = Parsers.standard();

  @ParameterizedTest
  @CsvSource({
    "front matter that never ends,          ---\\n,     a: b\\n,            front.md",
    "front matter of one line,              ---\\n,     -,                  line.md",
    "quotes in quotes in quotes,            '',         >,                  quotes.md",
    "lists in lists in lists,               '',         '- ',               lists.md",
    "links that are never closed,           '',         [,                  links.md",
    "emphasis that is never closed,         '',         '*a _b ',           emphasis.md",
    "code that is never closed,             '',         '`` ` ',            code.md",
    "one line of words,                     '',         'public a ',        words.java",
    "calls in calls,                        '',         'f(a ',             calls.java",
    "lines that begin like declarations,    '',         'static void a b c\\n', lines.java",
    "elements in elements,                  '',         <div>,              elements.html",
    "one long word,                         '',         x,                  word.txt",
    "headings without a text,               '',         '# h\n',            headings.md",
    "rows of a table,                       '| a |\n| - |\n', '| b |\n',   table.md",
    "words from right to left,              '',         'שלום עולם ',        right.md",
    "lines with a carriage return,          '',         'a\r\n\r\n',       lines.txt",
  })
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void areReadOrRefusedButNeverForEver(String what, String start, String repeated, String name)
      throws InterruptedException {
    String text = (start + repeated.repeat(200_000)).replace("\\n", "\n").replace("\\r", "\r");

    ParsedDocument document;
    try {
      document = parsers.parse(text.getBytes(UTF_8), null, name);
    } catch (UnparsableException e) {
      assertThat(e).as(what).hasMessageStartingWith("expected");
      return;
    }

    assertThat(document.blocks()).as(what).isNotNull();
  }
}
