package dev.millrace.embedding.parse;

import static dev.millrace.embedding.parse.Blocks.block;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.embedding.parse.Block.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebPagesTest {

  private final Parsers parsers = Parsers.standard();

  @Test
  void aWebPageIsReadByItsHeadingsWithoutItsNavigation() throws InterruptedException {
    String page =
        """
        <html><head><title>The mill</title><style>p { color: red }</style></head>
        <body><nav><a href="/">Home</a></nav>
        <h1>The mill</h1><p>It grinds <b>what</b> comes.</p>
        <h2>Opening</h2><ul><li>Monday: never</li><li>Tuesday: nine</li></ul>
        <pre>turn()
          twice()</pre>
        <script>alert(1)</script><footer>Imprint</footer></body></html>
        """;

    ParsedDocument document = parsers.parse(page.getBytes(UTF_8), "text/html", "mill");

    assertThat(document.title()).isEqualTo("The mill");
    assertThat(document.text())
        .contains("It grinds what comes.", "turn()\n  ")
        .doesNotContain("Home", "alert", "Imprint", "color");
    assertThat(block(document, "Tuesday").headingPath()).containsExactly("The mill", "Opening");
    assertThat(block(document, "turn()").kind()).isEqualTo(Kind.LINES);
  }

  @Test
  void aWebPageIsInTheCharsetThatTheSenderNamesRatherThanInItsOwn() throws InterruptedException {
    byte[] page =
        "<html><head><meta charset=\"koi8-r\"></head><body><p>für</p></body></html>"
            .getBytes(ISO_8859_1);

    assertThat(parsers.parse(page, "text/html; charset=iso-8859-1", "mill").text().strip())
        .isEqualTo("für");
    assertThat(parsers.parse(page, "text/html", "mill").text().strip()).isEqualTo("fЭr");
  }

  @Test
  void aRowOfATableIsOneLineWhateverIsInItsCells() throws InterruptedException {
    byte[] page =
        """
        <html><body><table>
          <tr><th><p>Grain</p></th>
              <th>Sacks</th></tr>
          <tr><td><ul><li>rye</li><li>oats</li></ul></td><td>42<br>or so</td></tr>
        </table><p>Counted in autumn.</p></body></html>
        """
            .getBytes(UTF_8);

    assertThat(parsers.parse(page, null, "harvest.html").text())
        .contains("Grain | Sacks\n", "rye oats | 42 or so\n", "\nCounted in autumn.");
  }

  @Test
  void aTableThatLaysOutAPageIsReadByItsParagraphs() throws InterruptedException {
    String paragraph = "<p>" + "The wheel turns the stone. ".repeat(20) + "</p>";
    byte[] page =
        ("<html><body><table><tr><td>" + paragraph.repeat(3) + "</td></tr></table></body></html>")
            .getBytes(UTF_8);

    assertThat(parsers.parse(page, null, "mill.html").blocks()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {110, 400, 5_000})
  void aPageMayBeNestedDeeply(int levels) throws InterruptedException {
    assertThat(parsers.parse(nested(levels), null, "deep.html").text())
        .contains("The stone turns.");
  }

  @Test
  void tooMuchTextAndTooMuchTimeAreRefused() {
    byte[] page = ("<html><body>" + "<p>word</p>".repeat(1_000) + "</body></html>").getBytes(UTF_8);

    assertThatThrownBy(() ->
            Parsers.standard(new Limits(500, 1 << 20, Duration.ofSeconds(30)))
                .parse(page, "text/html", "a"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("500 characters");
    assertThatThrownBy(() ->
            Parsers.standard(new Limits(1_000_000, 1 << 20, Duration.ZERO))
                .parse(page, "text/html", "a"))
        .isInstanceOf(UnparsableException.class)
        .hasMessageContaining("can be read in");
  }

  private static byte[] nested(int levels) {
    return ("<html><body>" + "<div>".repeat(levels) + "<p>The stone turns.</p></body></html>")
        .getBytes(UTF_8);
  }
}
