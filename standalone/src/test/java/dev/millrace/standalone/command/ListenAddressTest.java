package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.millrace.runtime.config.Environment;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ListenAddressTest {

  /** Kept free by RFC 5737 for examples: no machine has it. */
  private static final String NOT_OF_THIS_MACHINE = "192.0.2.1";

  @ParameterizedTest
  @MethodSource("variables")
  void withoutOptionsTheEnvironmentSaysWhere(Map<String, String> variables, int port) {
    ListenAddress address = ListenAddress.of(null, null, Environment.of(variables));

    assertThat(address).isEqualTo(new ListenAddress("127.0.0.1", port));
  }

  static Stream<Arguments> variables() {
    return Stream.of(
        arguments(Map.of(), 8080),
        arguments(Map.of("GATEWAY_HOST", "", "GATEWAY_PORT", "", "PORT", ""), 8080),
        arguments(Map.of("PORT", "8081"), 8081),
        arguments(Map.of("PORT", "8081", "GATEWAY_PORT", ""), 8081),
        arguments(Map.of("PORT", "8081", "GATEWAY_PORT", "8082"), 8082));
  }

  @Test
  void aFreePortIsUsable() {
    assertThatNoException().isThrownBy(new ListenAddress("127.0.0.1", 0)::requireUsable);
  }

  @Test
  void aPortThatIsTakenIsSaidToBe() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(new ListenAddress("127.0.0.1", port)::requireUsable)
          .isInstanceOf(StackException.class)
          .hasMessage(
              "the gateway cannot listen at port %d of 127.0.0.1: Address already in use;"
                      .formatted(port)
                  + " choose another with --port or --host");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNotCalledATakenPort() {
    assertThatThrownBy(new ListenAddress(NOT_OF_THIS_MACHINE, 0)::requireUsable)
        .isInstanceOf(StackException.class)
        .hasMessageContaining("cannot listen at port 0 of 192.0.2.1: ")
        .hasMessageNotContaining("in use");
  }

  @Test
  void aNameWithoutAnAddressIsNamed() {
    assertThatThrownBy(new ListenAddress("no such machine", 8080)::requireUsable)
        .isInstanceOf(StackException.class)
        .hasMessage("--host: no address is known of no such machine");
  }
}
