package dev.millrace.learning.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.runtime.validation.InvalidEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalContentTest {

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "[1, {\"focus\": \"x\"}]", "\"Graphs\"", "7", "{}"})
  void ofWhatIsNoObjectNothingIsUsed(String data) {
    assertThat(SignalContent.parse(data)).isEqualTo(SignalContent.EMPTY);
  }

  @Test
  void partsOfOtherTypesAreLeftAside() {
    SignalContent content =
        SignalContent.parse(
            """
            {"focus": {"text": "Graphs"}, "steps": [{"text": "Draw"}, "Read", null, 7, " "],
             "notes": "Slowly"}
            """);

    assertThat(content.focus()).isNull();
    assertThat(content.steps()).containsExactly("Read");
    assertThat(content.notes()).isEqualTo("Slowly");
  }

  @Test
  void whatIsNotJsonIsRefused() {
    assertThatThrownBy(() -> SignalContent.parse("{")).isInstanceOf(InvalidEventException.class);
  }
}
