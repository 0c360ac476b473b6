package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.worker.ClaudeWorkerApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A provider limits its clients: it is left alone for as long as it asks, others go on. */
@ExtendWith(WithMillrace.class)
class ProviderOutageIT {

  private static final String QUEUE = "javari";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(6);

  @Test
  void aProviderThatLimitsIsNotAskedBeforeItWantsToBe(Millrace millrace) throws Exception {
    // given
    try (LimitingAgent agent = new LimitingAgent();
        AppBeside _ = AppBeside.inPlaceOf(millrace, new ClaudeWorkerApp(), asking(agent))) {

      // when
      String limited = accepted(millrace, "support");
      eventually()
          .untilAsserted(
              () -> assertThat(provider(millrace).path("circuit").asText()).isEqualTo("open"));
      String behind = accepted(millrace, "support");
      String other = accepted(millrace, "summary");

      // then
      awaitCompleted(millrace, other);
      awaitCompleted(millrace, limited);
      awaitCompleted(millrace, behind);
      assertThat(agent.calls()).hasSize(3);
      assertThat(Duration.between(agent.calls().getFirst(), agent.calls().get(1)))
          .isGreaterThanOrEqualTo(RETRY_AFTER);
      eventually()
          .untilAsserted(
              () -> assertThat(provider(millrace).path("circuit").asText()).isEqualTo("closed"));
      eventually()
          .untilAsserted(() ->
              assertThat(
                      Queries.texts(
                          millrace,
                          "SELECT event_type FROM public.ai_events WHERE subject = ?"
                              + " AND event_type LIKE 'task_circuit_%' ORDER BY \"timestamp\"",
                          QUEUE))
                  .containsExactly(
                      "task_circuit_opened", "task_circuit_half_opened", "task_circuit_closed"));
    }
  }

  private static Map<String, String> asking(LimitingAgent agent) {
    return Map.of(
        "WORKER_AGENTS", QUEUE + ",chatgpt",
        "AGENT_PROVIDERS", QUEUE + "=http,chatgpt=offline",
        "JAVARI_AGENT_URL", agent.url());
  }

  private static String accepted(Millrace millrace, String type) {
    return millrace
        .gateway()
        .accepted(
            "{\"taskType\":\"%s\",\"payload\":{\"description\":\"Say something\"}}"
                .formatted(type));
  }

  /** What is said about the provider of the queue. */
  private static JsonNode provider(Millrace millrace) {
    return millrace
        .gateway()
        .get("/api/queue?queue=" + QUEUE)
        .json()
        .path("queues")
        .path(0)
        .path("provider");
  }

  private static void awaitCompleted(Millrace millrace, String task) {
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo("completed"));
  }

  /** An in-house agent that refuses its first call, and answers the others. */
  private static final class LimitingAgent implements AutoCloseable {

    private final List<Instant> calls = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    LimitingAgent() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      exchange.getRequestBody().readAllBytes();
      calls.add(Instant.now());
      boolean first = calls.size() == 1;
      byte[] body =
          (first ? "{\"error\":\"slow down\"}" : "{\"text\":\"It is said.\"}").getBytes(UTF_8);
      if (first) {
        exchange.getResponseHeaders().set("Retry-After", "" + RETRY_AFTER.toSeconds());
      }
      exchange.sendResponseHeaders(first ? 429 : 200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/run";
    }

    List<Instant> calls() {
      return calls;
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
