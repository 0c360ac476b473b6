package dev.millrace.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.run.LogLines.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {

  private final LogLines lines = new LogLines();

  @Test
  void linesAreNumberedAndHoldNoCredentialAndNoControlCharacter() {
    assertThat(lines.of("one\ntoken=not-a-real-key\r\n\u001b[31mred\tx"))
        .containsExactly(
            new Line(0, "one"), new Line(1, "token=[redacted]"), new Line(2, "\uFFFD[31mred\tx"));
  }

  @Test
  void aLongLineIsCut() {
    List<Line> cut = lines.of("x".repeat(20_000));

    assertThat(cut)
        .singleElement()
        .satisfies(line ->
            assertThat(line.content())
                .hasSize(LogLines.MAX_LINE)
                .endsWith("[cut: 20000 characters]"));
  }

  @Test
  void afterTheLimitOneLineSaysSoAndNoMoreFollow() {
    List<Line> kept = lines.of("x\n".repeat(LogLines.MAX_LINES + 50));

    assertThat(kept).hasSize(LogLines.MAX_LINES);
    assertThat(kept.getLast().content()).startsWith("[cut: a run keeps 10000 log lines");
    assertThat(lines.of("more")).isEmpty();
  }
}
