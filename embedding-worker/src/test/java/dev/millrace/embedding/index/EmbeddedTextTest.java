package dev.millrace.embedding.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedding.chunk.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedTextTest {

  private static final String ROCKET = "\uD83D\uDE80";

  @Test
  void aLongPathOfHeadingsIsCutBetweenCharacters() {
    // given
    Chunk chunk = under(ROCKET.repeat(99), "Sail");

    // when
    String text = EmbeddedText.of(chunk, null);

    // then
    assertThat(text).endsWith(ROCKET + " > Sail\n\nIt turns.");
    assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(text);
  }

  @Test
  void aShortPathIsTold() {
    // given
    Chunk chunk = under("Mill", "Sail");

    // when
    String text = EmbeddedText.of(chunk, "Handbook");

    // then
    assertThat(text).isEqualTo("Handbook > Mill > Sail\n\nIt turns.");
  }

  private static Chunk under(String... headings) {
    return new Chunk(0, "It turns.", List.of(headings), 0, 9, 1, 1, null);
  }
}
