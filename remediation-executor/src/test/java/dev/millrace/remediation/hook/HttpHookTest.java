package dev.millrace.remediation.hook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.millrace.runtime.config.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpHookTest {

  private static final HookCall CALL =
      new HookCall("c-1", "email-blast", "clear_cache", Map.of("scope", "all"));

  private final Hooks hooks = new Hooks("remediation-executor");
  private final List<String> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    answer("/well", 200, "cache cleared");
    answer("/ill", 503, "not now");
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('.');
          exchange.getResponseBody().flush();
          try {
            released.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
  }

  @Test
  void aServiceIsCalledWithWhatItIsFor() throws InterruptedException {
    HookResult result = hooks.run(hook("/well", Duration.ofSeconds(5)), CALL);

    assertThat(result.succeeded()).isTrue();
    assertThat(result.code()).isEqualTo(200);
    assertThat(result.output()).isEqualTo("cache cleared");
    assertThat(received)
        .containsExactly(
            "POST c-1 test-secret {\"command_id\":\"c-1\",\"project\":\"email-blast\","
                + "\"action\":\"clear_cache\",\"parameters\":{\"scope\":\"all\"}}");
  }

  @Test
  void anIdThatNoHeaderCanCarryIsEncoded() throws InterruptedException {
    HookCall call = new HookCall("ü/1\n€ %", "email-blast", "clear_cache", Map.of());

    HookResult result = hooks.run(hook("/well", Duration.ofSeconds(5)), call);

    assertThat(result.succeeded()).isTrue();
    assertThat(received).singleElement().asString().startsWith("POST %C3%BC/1%0A%E2%82%AC%20%25 ");
  }

  @Test
  void anotherStatusIsAFailure() throws InterruptedException {
    HookResult result = hooks.run(hook("/ill", Duration.ofSeconds(5)), CALL);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.code()).isEqualTo(503);
    assertThat(result.reason()).isEqualTo("answered with status 503");
  }

  @Test
  void anAnswerThatDoesNotEndIsAFailure() throws InterruptedException {
    HookResult result = hooks.run(hook("/slow", Duration.ofMillis(300)), CALL);

    assertThat(result.succeeded()).isFalse();
    assertThat(result.reason()).isEqualTo("no answer within 300 ms");
  }

  @Test
  void aHostThatNoProjectOfThatNameCanHaveIsAFailure() throws InterruptedException {
    // given
    HookTable table =
        HookTable.from(
            Environment.of(
                Map.of(
                    "REMEDIATION_HOOKS",
                    """
                    [{"project": "*", "action": "clear_cache",
                      "http": {"url": "http://{project}:9000/cache/clear"}}]\
                    """)));
    Hook hook = table.find("email_blast", "clear_cache").orElseThrow();

    // when
    HookResult result = hooks.run(hook, CALL);

    // then
    assertThat(result.succeeded()).isFalse();
    assertThat(result.reason())
        .isEqualTo("could not be called: unsupported URI http://email_blast:9000/cache/clear");
  }

  private Hook hook(String path, Duration timeout) {
    return new Hook.CallHttp(
        "POST",
        URI.create("http://localhost:" + server.getAddress().getPort() + path),
        Map.of("X-Key", "test-secret"),
        timeout,
        false);
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          received.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Idempotency-Key")
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-Key")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
