package dev.millrace.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

  @ParameterizedTest
  @CsvSource({"r-1, r-1", "a b, a%20b", "50%, 50%25", "é, %C3%A9", "'a\nb', a%0Ab"})
  void idsAreVisibleAsciiAndStayDifferent(String id, String header) {
    assertThat(HeaderText.encoded(id)).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"v1\"", "W/\"a b\"", ""})
  void printableAsciiIsSentAsItIs(String text) {
    assertThat(HeaderText.isSendable(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {" v1", "v1\r\nX-Admin: true", "vé", "v\u0000"})
  void whatAHeaderCannotCarryIsNot(String text) {
    assertThat(HeaderText.isSendable(text)).isFalse();
  }
}
