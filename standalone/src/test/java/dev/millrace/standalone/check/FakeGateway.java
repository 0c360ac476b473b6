package dev.millrace.standalone.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers as a sound gateway does, but for what a test changes. */
final class FakeGateway implements AutoCloseable {

  static final String API_KEY = "the api key";
  static final String PLATFORM_KEY = "the platform's key";
  static final String WEBHOOK_SECRET = "test-secret";

  private final HttpServer server;
  private final Map<String, String> changed = new ConcurrentHashMap<>();
  private final List<String> posted = new CopyOnWriteArrayList<>();

  FakeGateway() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Answers requests to a path with a status and a body, whoever asks. */
  FakeGateway with(String path, int status, String body) {
    changed.put(path, status + " " + body);
    return this;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Bodies that were posted and accepted. */
  List<String> posted() {
    return List.copyOf(posted);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String reply = changed.getOrDefault(path, sound(exchange, path, body));
    int status = Integer.parseInt(reply.substring(0, 3));
    if (status == 302) {
      exchange.getResponseHeaders().add("Location", reply.substring(4));
    }
    if (status == 200 && exchange.getRequestMethod().equals("POST")) {
      posted.add(body);
    }
    byte[] bytes = reply.substring(4).getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String sound(HttpExchange exchange, String path, String body) {
    String key = header(exchange, "X-API-Key");
    return switch (path) {
      case "/health" -> "200 {\"status\": \"ok\", \"version\": \"1.0.0\"}";
      case "/api/health" -> "200 {\"dependencies\": {\"kafka\": {\"status\": \"up\"}}}";
      case "/api/tasks", "/api/knowledge/search" -> key.equals(API_KEY) ? "200 {}" : "401 {}";
      case "/api/events" -> key.equals(API_KEY) ? "200 {\"events\": [{\"id\": 7}]}" : "401 {}";
      case "/api/knowledge/user-preferences" ->
          header(exchange, "Authorization").equals("Bearer signed") ? "200 {}" : "401 {}";
      case "/api/github-webhook" ->
          header(exchange, "X-Hub-Signature-256")
                  .equals(WebhookSignature.of(body.getBytes(UTF_8), WEBHOOK_SECRET))
              ? "200 {}"
              : "401 {}";
      case "/api/javari-events" -> {
        String accepted = body.equals("{}") ? "400 {}" : "200 {}";
        yield key.equals(PLATFORM_KEY) ? accepted : "401 {}";
      }
      default -> "404 {}";
    };
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
