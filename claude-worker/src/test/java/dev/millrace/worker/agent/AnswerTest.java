package dev.millrace.worker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.fixture.RecordingReporter;
import org.junit.jupiter.api.Test;

class AnswerTest {

  private final RecordingReporter reporter = new RecordingReporter();
  private final Answer answer = new Answer(reporter);

  @Test
  void linesAreLoggedWhenTheyAreWhole() {
    answer.append("a");
    answer.append("b\ncd");
    assertThat(reporter.lines).containsExactly("ab");

    assertThat(answer.end()).isEqualTo("ab\ncd");
    assertThat(reporter.lines).containsExactly("ab", "cd");
  }

  @Test
  void theLimitCountsBytesOfUtf8() {
    assertThat(answer.append("€".repeat(AgentResult.MAX_BYTES / 3))).isTrue();
    assertThat(answer.append("€")).isFalse();
  }
}
