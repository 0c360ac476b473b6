package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The four signal agents over HTTP. Each answers with its data and an ETag, or 304 to one who knows
 * it, unless a test has another reply for it.
 */
final class ScriptedAgents implements AutoCloseable {

  /** ETag of what the agents have to say. */
  static final String ETAG = "\"v1\"";

  private static final String PATH = "/functions/v1/";

  /** A call, as it came. */
  record Call(
      String agent,
      @Nullable String authorization,
      @Nullable String idempotencyKey,
      @Nullable String ifNoneMatch,
      JsonNode body) {}

  /** What an agent answers once. */
  record Reply(int status, Map<String, String> headers, String body) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Deque<Reply>> replies = new HashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private CountDownLatch together = new CountDownLatch(0);
  private String silent = "";

  ScriptedAgents() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(PATH, this::answer);
    server.start();
  }

  /** What makes the planner call them. */
  Map<String, String> environment() {
    return Map.of(
        "EDGE_BASE_URL",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "EDGE_SERVICE_JWT",
        "not-a-real-token",
        "EDGE_TIMEOUT",
        "5s",
        // As long as it is by default where agents are asked.
        "LEARNING_SIGNAL_WAIT",
        "11s");
  }

  /** Forgets calls and replies. */
  synchronized void reset() {
    calls.clear();
    replies.clear();
    together = new CountDownLatch(0);
    silent = "";
  }

  /** Nobody gets an answer before so many wait for one. */
  synchronized void answerTogether(int number) {
    together = new CountDownLatch(number);
  }

  /** Replies of an agent before it answers as usual. */
  synchronized void reply(String agent, Reply... next) {
    replies.put(agent, new ArrayDeque<>(List.of(next)));
  }

  /** This agent begins to answer, and does not come to an end. */
  synchronized void stall(String agent) {
    silent = agent;
  }

  /** Calls about a learner; what failed for others may be tried again meanwhile. */
  synchronized List<Call> calls(Learner learner) {
    return calls.stream()
        .filter(call -> call.body().path("user_id").asText().equals(learner.user()))
        .toList();
  }

  /** Calls of one agent about a learner. */
  List<Call> calls(Learner learner, String agent) {
    return calls(learner).stream().filter(call -> call.agent().equals(agent)).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Call call = call(exchange);
      Reply reply = record(call);
      if (reply == null) {
        exchange.sendResponseHeaders(200, 1_000);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        closed.await();
        return;
      }
      together().countDown();
      together().await();
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized CountDownLatch together() {
    return together;
  }

  /** The reply to a call; null for an agent that is silent. */
  private synchronized @Nullable Reply record(Call call) {
    calls.add(call);
    if (call.agent().equals(silent)) {
      return null;
    }
    Reply next = replies.getOrDefault(call.agent(), new ArrayDeque<>()).poll();
    return next == null ? usual(call) : next;
  }

  private static Reply usual(Call call) {
    return ETAG.equals(call.ifNoneMatch())
        ? new Reply(304, Map.of(), "")
        : new Reply(
            200,
            Map.of("ETag", ETAG, "Content-Type", "application/json"),
            """
            {"ok":true,"data":{"focus":"Focus of %1$s","steps":["Step of %1$s"],"notes":"New."}}
            """
                .formatted(call.agent()));
  }

  private static Call call(HttpExchange exchange) throws IOException {
    return new Call(
        exchange.getRequestURI().getPath().substring(PATH.length()),
        exchange.getRequestHeaders().getFirst("Authorization"),
        exchange.getRequestHeaders().getFirst("X-Idempotency-Key"),
        exchange.getRequestHeaders().getFirst("If-None-Match"),
        new ObjectMapper().readTree(exchange.getRequestBody()));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
