package dev.millrace.embedding.parse;

import static dev.millrace.embedding.parse.Blocks.block;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsersTest {

  private final Parsers parsers = Parsers.standard();

  @Test
  void markdownIsReadWithItsTitleAndHeadings() throws InterruptedException {
    ParsedDocument document =
        parsers.parse(
            "# Mill `v2`\n\ntext\n\n## Wheel\n\n- a\n- b\n".getBytes(UTF_8), null, "a.md");

    assertThat(document.title()).isEqualTo("Mill v2");
    assertThat(document.blocks())
        .extracting(Block::headingPath)
        .containsExactly(
            List.of("Mill v2"),
            List.of("Mill v2"),
            List.of("Mill v2", "Wheel"),
            List.of("Mill v2", "Wheel"),
            List.of("Mill v2", "Wheel"));
  }

  @Test
  void frontMatterIsNoHeading() throws InterruptedException {
    ParsedDocument document =
        parsers.parse("---\ntitle: x\n---\n# Real\n".getBytes(UTF_8), "text/markdown", "a");

    assertThat(document.title()).isEqualTo("Real");
    assertThat(document.blocks())
        .extracting(Block::kind)
        .containsExactly(Block.Kind.FRONT_MATTER, Block.Kind.HEADING);
  }

  @ParameterizedTest
  @CsvSource({
    "'---|# of the mill||title: x|---|Intro.', true",
    "'---|A text between two lines.|---|Intro.', false",
    "'---|  Note: indented|---|Intro.', false",
    "'---|title: x|Intro.', false"
  })
  void onlyYamlBetweenTwoLinesIsFrontMatter(String lines, boolean expected)
      throws InterruptedException {
    byte[] text = lines.replace('|', '\n').getBytes(UTF_8);

    ParsedDocument document = parsers.parse(text, "text/markdown", "a");

    assertThat(document.blocks().getFirst().kind() == Block.Kind.FRONT_MATTER).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "title: Corn in,               Corn in",
    "title: \"Corn: in\",            Corn: in",
    "title: >-,",
    "subtitle: Corn in,",
    "title: ,"
  })
  void aDocumentWithoutAFirstHeadingHasTheTitleOfItsFrontMatter(
      String frontMatter, @Nullable String title) throws InterruptedException {
    String text = "---\ndate: x\n%s\n---\nIntro.\n".formatted(frontMatter);

    ParsedDocument document = parsers.parse(text.getBytes(UTF_8), "text/markdown", "a");

    assertThat(document.title()).isEqualTo(title);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\uD83D\uDE80\uD83D\uDE80", "שלום"})
  void frontMatterLeavesWhatFollowsInItsPlace(String title) throws InterruptedException {
    // given
    String text = "---\ntitle: %s\n---\n\nIntro.\n\n# Real\n".formatted(title);

    // when
    ParsedDocument document = parsers.parse(text.getBytes(UTF_8), "text/markdown", "a");

    // then
    assertThat(block(document, "# Real").start()).isEqualTo(text.indexOf("# Real"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "  \n", "\\\n"})
  void aHeadingOfTwoLinesIsOneHeadingWithASpaceBetweenThem(String lineBreak)
      throws InterruptedException {
    // given
    String text = "How to\0repair sails\n=====\n".replace("\0", lineBreak);

    // when
    ParsedDocument document = parsers.parse(text.getBytes(UTF_8), "text/markdown", "a");

    // then
    assertThat(document.title()).isEqualTo("How to repair sails");
  }

  @Test
  void plainTextIsReadByParagraphs() throws InterruptedException {
    ParsedDocument document =
        parsers.parse("# one\n \ntwo\nthree".getBytes(UTF_8), "text/plain; charset=utf-8", "a");

    assertThat(document.blocks()).extracting(Block::start).containsExactly(0, 8);
  }

  @Test
  void whatIsCalledTextIsReadByItsName() throws InterruptedException {
    byte[] markdown = "# Mill".getBytes(UTF_8);
    byte[] code = "class Mill {}".getBytes(UTF_8);

    assertThat(parsers.parse(markdown, "text/plain", "a/README.md").title()).isEqualTo("Mill");
    assertThat(parsers.parse(markdown, "text/plain", "a.txt").title()).isNull();
    assertThat(parsers.parse(markdown, "text/markdown", "a.txt").title()).isEqualTo("Mill");
    assertThat(parsers.parse(code, "text/x-java-source", "Mill.java"))
        .isEqualTo(parsers.parse(code, null, "Mill.java"))
        .isNotEqualTo(parsers.parse(code, null, "Mill.txt"));
    assertThat(parsers.parse("a,b".getBytes(UTF_8), "text/csv", "a.csv").text()).isEqualTo("a,b");
    assertThat(parsers.parse(markdown, "application/x-md", "a.md").title()).isEqualTo("Mill");
  }

  @Test
  void aCharsetIsSaidByTheSenderOrByTheTextItself() throws InterruptedException {
    byte[] latin = "für".getBytes(ISO_8859_1);

    assertThat(parsers.parse(latin, "text/plain; Charset=\"iso-8859-1\"", "a").text())
        .isEqualTo("für");
    assertThat(parsers.parse("\uFEFFfür".getBytes(UTF_8), null, "a.txt").text()).isEqualTo("für");
    assertThat(parsers.parse("\uFEFFfür".getBytes(UTF_16LE), null, "a.txt").text())
        .isEqualTo("für");
    assertThat(
            parsers.parse("\uFEFFfür".getBytes(UTF_16BE), "text/plain; charset=utf-8", "a").text())
        .isEqualTo("für");
    assertThatThrownBy(() -> parsers.parse(latin, "text/plain; charset=klingon", "a"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("found klingon");
  }

  @Test
  void otherEncodingsAndBinaryFilesAreRefused() {
    assertThatThrownBy(() -> parsers.parse("für".getBytes(ISO_8859_1), null, "a.txt"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> parsers.parse(new byte[] {'a', 0, 'b'}, null, "a.txt"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("binary");
  }

  @Test
  void aFormatWithoutParserIsRefusedByName() {
    assertThatThrownBy(() -> parsers.parse(new byte[0], "image/png", "a.png"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("found image/png");
  }
}
