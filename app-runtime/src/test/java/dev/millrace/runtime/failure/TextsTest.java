package dev.millrace.runtime.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextsTest {

  @ParameterizedTest
  @CsvSource({"miller, 6, miller", "millers, 6, mille…", "'mill er', 6, mill…", "mill, 0, …"})
  void aTextIsCutToItsLengthWithTheEllipsis(String text, int maxLength, String shortened) {
    assertThat(Texts.shorten(text, maxLength)).isEqualTo(shortened);
  }

  @ParameterizedTest
  @CsvSource({"3, ab", "4, ab\uD83D\uDE00", "5, ab\uD83D\uDE00c"})
  void aCharacterOfTwoUnitsIsNeverCutInHalf(int maxLength, String beginning) {
    assertThat(Texts.beginning("ab\uD83D\uDE00cd", maxLength)).isEqualTo(beginning);
  }

  @Test
  void anEndingMaySayThatMoreFollowed() {
    assertThat(Texts.shorten("one two three", 9, " [cut]")).isEqualTo("one [cut]");
  }
}
