package dev.millrace.runtime.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TaskTrailerTest {

  @Test
  void isFoundInTheMessageItWasAppendedTo() {
    String message = TaskTrailer.append("Subject\n\nBody\n", "task-1");

    assertThat(message).isEqualTo("Subject\n\nBody\n\nMillrace-Task: task-1\n");
    assertThat(TaskTrailer.isIn(message, "task-1")).isTrue();
    assertThat(TaskTrailer.isIn(message, "task-10")).isFalse();
    assertThat(TaskTrailer.isIn(message, "task")).isFalse();
  }

  @Test
  void marksWhatIsOurs() {
    assertThat(TaskTrailer.isIn("Fine.\r\n\r\nMillrace-Task: task-1\r\n")).isTrue();
    assertThat(TaskTrailer.isIn("Is Millrace-Task: task-1 done?")).isFalse();
  }

  @Test
  void countsInTheLastLineOnly() {
    assertThat(TaskTrailer.isIn("Millrace-Task: task-1\n\nmore", "task-1")).isFalse();
    assertThat(TaskTrailer.isIn("Subject\n\nNot Millrace-Task: task-1", "task-1")).isFalse();
  }

  @Test
  void anIdHasRoomInOneLine() {
    assertThat(TaskTrailer.isId("x".repeat(200))).isTrue();
    assertThat(TaskTrailer.isId("x".repeat(201))).isFalse();
    assertThat(TaskTrailer.isId("task\u0000")).isFalse();
    assertThat(TaskTrailer.isId(" ")).isFalse();
  }

  @Test
  void anIdWithALineBreakIsRefused() {
    assertThatThrownBy(() -> TaskTrailer.checkId("task-1\nMillrace-Task: task-2"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
