package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no HTTP library sends: each is answered, and the connection closed. */
class RawHttpTest {

  private static final int TIMEOUT_MS = 10_000;
  private static final char TEXT = 0x81;
  private static final char GOODBYE = 0x88;
  private static final String UPGRADE =
      "GET /api/events/ws HTTP/1.1\r\nHost: m\r\nX-API-Key: "
          + GatewayFixture.API_KEY
          + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  private static final String NEXT = "GET /health HTTP/1.1\r\nHost: m\r\n\r\n";

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2|Content-Length: 40",
        "Content-Length: 2, 2",
        "Content-Length: -5",
        "Content-Length: +2",
        "Transfer-Encoding: chunked|Content-Length: 2",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked"
      })
  void aBodyThatCouldEndInTwoPlacesIsRefusedAndNothingAfterItIsRead(String headers) {
    String answer =
        exchange(
            "POST /api/orchestrator HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\n"
                + headers.replace("|", "\r\n")
                + "\r\n\r\n{}"
                + NEXT);

    assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
  }

  @Test
  void aBodyThatCouldEndInTwoPlacesIsRefusedAlsoByAGatewayThatIsFull() {
    try (GatewayFixture full = GatewayFixture.start(Map.of("GATEWAY_MAX_IN_FLIGHT", "1"))) {
      List<String> answers = new ArrayList<>();
      full.sink.react(_ ->
          answers.add(
              exchange(
                  full,
                  "POST /api/orchestrator HTTP/1.1\r\nHost: m\r\nContent-Length: 2\r\n"
                      + "Content-Length: 40\r\n\r\n{}"
                      + NEXT)));

      full.postWithKey(
          "/api/orchestrator", "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}");

      assertThat(answers)
          .singleElement()
          .asString()
          .startsWith("HTTP/1.1 400 ")
          .containsOnlyOnce("HTTP/1.1 ");
    }
  }

  @Test
  void aChunkThatCannotBeReadIsRefused() {
    String answer =
        exchange(
            "POST /api/orchestrator HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\nX-API-Key: "
                + GatewayFixture.API_KEY
                + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
  }

  @Test
  void oldHttpLearnsWhichVersionIsSpokenHere() {
    String answer = exchange("GET /health HTTP/1.0\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 505 ")
        .contains("expected HTTP/1.1, found HTTP/1.0; behind nginx set proxy_http_version 1.1");
  }

  @Test
  void aSocketSaysGoodbyeOnce() {
    String answer = exchange(UPGRADE + frame(TEXT, "hello") + frame(GOODBYE, ""));

    assertThat(answer)
        .startsWith("HTTP/1.1 101 ")
        .contains("nothing is expected here")
        .doesNotContain("the stream has ended");
  }

  private String exchange(String request) {
    return exchange(gateway, request);
  }

  /** A frame of a WebSocket's client, masked with zeros. */
  private static String frame(char kind, String text) {
    return kind + "" + (char) (0x80 | text.length()) + "\0\0\0\0" + text;
  }

  /** Sends bytes and reads until the gateway closes. */
  private static String exchange(GatewayFixture gateway, String request) {
    URI uri = gateway.uri("/");
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
