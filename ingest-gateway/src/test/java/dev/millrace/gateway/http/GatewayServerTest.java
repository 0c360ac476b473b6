package dev.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayServerTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080",
    "localhost, http://localhost:8080",
    "::1,       http://[::1]:8080",
    "[::1],     http://[::1]:8080",
  })
  void itsAddressIsOneThatClientsCanCall(String host, String address) {
    assertThat(GatewayServer.uri(host, 8080))
        .hasToString(address)
        .hasHost(address.replaceAll("http://|:8080", ""));
  }
}
