package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.standalone.embedded.StackException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayClientTest {

  @ParameterizedTest
  @CsvSource({"2-17, 2-17", "a b, a%20b", "../tasks, ..%2Ftasks", "a?b#c, a%3Fb%23c"})
  void whateverIsTakenForAnIdIsOneStepOfThePath(String id, String step) {
    assertThat(GatewayClient.path("/api/replays", id)).isEqualTo("/api/replays/" + step);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void noIdIsRefused(String id) {
    assertThatThrownBy(() -> GatewayClient.path("/api/replays", id))
        .isInstanceOf(StackException.class)
        .hasMessage("expected an id, found none");
  }
}
