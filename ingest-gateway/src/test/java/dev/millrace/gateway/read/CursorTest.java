package dev.millrace.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.gateway.http.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "-infinity",
        "+999999999-12-31T00:00:00Z",
        "9999-12-31T00:00:00Z",
        "0000-01-01T00:00:00Z"
      })
  void aTimeThatNoRowHasIsNoneOfOurs(String time) {
    Cursor cursor = new Cursor(List.of(time));

    assertThatThrownBy(() -> cursor.time(0))
        .isInstanceOf(ProblemException.class)
        .hasMessage("cursor: expected next_cursor of a page before");
  }

  @Test
  void aTimeIsAskedForInUtcWhateverOffsetItWasWrittenWith() {
    Cursor cursor = new Cursor(List.of("2026-01-23T12:00:00.123456+02:00"));

    assertThat(cursor.time(0)).isEqualTo("2026-01-23T10:00:00.123456Z");
  }
}
