package dev.millrace.embedding.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.embedding.index.DocumentSource.Fetched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebDocumentSourceTest {

  private HttpServer server;
  private final WebDocumentSource source = new WebDocumentSource(1_000, true);

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/page", 200, "<h1>Mill</h1>", Map.of("Content-Type", "text/html; charset=utf-8"));
    answer("/moved", 302, "", Map.of("Location", "/page"));
    answer("/loop", 302, "", Map.of("Location", "/loop"));
    answer("/large", 200, "x".repeat(1_001), Map.of());
    answer("/limited", 429, "", Map.of("Retry-After", "7"));
    answer("/elsewhere", 302, "", Map.of("Location", "file:///etc/hostname"));
    server.createContext("/stalled", WebDocumentSourceTest::beginOnly);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(String path, int status, String body, Map<String, String> headers) {
    server.createContext(
        path,
        exchange -> {
          headers.forEach(exchange.getResponseHeaders()::add);
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  /** Promises a hundred bytes, and leaves it at one. */
  private static void beginOnly(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('x');
    exchange.getResponseBody().flush();
  }

  private Fetched fetch(WebDocumentSource from, String path) {
    String uri = "http://127.0.0.1:" + server.getAddress().getPort() + path;
    return from.fetch(new DocumentRef(uri, null, null, null, null, null, null), null);
  }

  @Test
  void aPageIsReadWithItsType() {
    Fetched page = fetch(source, "/page");

    assertThat(new String(page.content(), UTF_8)).isEqualTo("<h1>Mill</h1>");
    assertThat(page.mediaType()).startsWith("text/html");
  }

  @Test
  void aRedirectIsFollowedButNotForeverAndNotToAFile() {
    assertThat(fetch(source, "/moved").content()).isNotEmpty();
    assertThatThrownBy(() -> fetch(source, "/loop"))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageContaining("at most 5");
    assertThatThrownBy(() -> fetch(source, "/elsewhere"))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageContaining("another web address");
  }

  @Test
  void whatIsMissingOrTooLargeIsRefusedAndALimitIsWaitedFor() {
    assertThatThrownBy(() -> fetch(source, "/missing"))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("not_found");
    assertThatThrownBy(() -> fetch(source, "/large"))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("too_large");
    assertThatThrownBy(() -> fetch(source, "/limited"))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> assertThat(retryAfter(e)).isEqualTo(Duration.ofSeconds(7)));
  }

  private static @Nullable Duration retryAfter(UnavailableException e) {
    return e.retryAfter().orElse(null);
  }

  @Test
  void aServerThatStallsInTheMiddleOfADocumentIsGivenUp() {
    WebDocumentSource impatient = new WebDocumentSource(1_000, true, Duration.ofMillis(500));

    assertThatThrownBy(() -> fetch(impatient, "/stalled"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("was not read within");
  }

  @Test
  void anAddressOfThisMachineIsRefusedUnlessAllowed() {
    assertThatThrownBy(() -> fetch(new WebDocumentSource(1_000, false), "/page"))
        .isInstanceOf(DocumentRejectedException.class)
        .hasMessageStartingWith("forbidden");
  }
}
