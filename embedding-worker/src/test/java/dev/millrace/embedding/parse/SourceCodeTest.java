package dev.millrace.embedding.parse;

import static dev.millrace.embedding.parse.Blocks.block;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedding.parse.Block.Kind;
import org.junit.jupiter.api.Test;

class SourceCodeTest {

  private final Parsers parsers = Parsers.standard();

  @Test
  void sourceCodeIsReadByItsDeclarations() throws InterruptedException {
    String code =
        """
        package mill;

        import java.util.List;

        /** Grinds. */
        public final class Stone {

          private int turns;

          // Once around.
          void turn(int times) {
            turns += times;
            if (turns > 10) {
              rest();
            }
          }
        }
        """;

    ParsedDocument document = parsers.parse(code.getBytes(UTF_8), null, "src/Stone.java");

    assertThat(document.text()).isEqualTo(code);
    assertThat(block(document, "turns += times").headingPath()).containsExactly("Stone", "turn");
    assertThat(block(document, "// Once around.").kind()).isEqualTo(Kind.HEADING);
    assertThat(block(document, "private int turns").headingPath()).containsExactly("Stone");
  }
}
