package dev.millrace.benchmarks.learning;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Signal agents that say the same after the same time. */
final class SlowAgents implements AutoCloseable {

  private static final byte[] ANSWER =
      "{\"ok\":true,\"data\":{\"focus\":\"Gradients\",\"steps\":[\"Derive one\"]}}".getBytes(UTF_8);
  private static final int BACKLOG = 1_024;

  private final HttpServer server;
  private final ScheduledExecutorService later = Executors.newScheduledThreadPool(2);

  SlowAgents(Duration answerAfter) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          var _ =
              later.schedule(() -> answer(exchange), answerAfter.toMillis(), TimeUnit.MILLISECONDS);
        });
    server.start();
  }

  /** What makes the planner call them. */
  Map<String, String> environment() {
    return Map.of(
        "EDGE_BASE_URL",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "EDGE_SERVICE_JWT",
        "not-a-real-token");
  }

  private static void answer(HttpExchange exchange) {
    try (exchange) {
      exchange.getResponseHeaders().set("ETag", "\"v1\"");
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    } catch (IOException e) {
      System.err.println("bench: an agent could not answer: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    server.stop(0);
    later.shutdownNow();
  }
}
