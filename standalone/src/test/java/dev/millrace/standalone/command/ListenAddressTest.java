package dev.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListenAddressTest {

  /** Kept free by RFC 5737 for examples: no machine has it. */
  private static final String NOT_OF_THIS_MACHINE = "192.0.2.1";

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
