package dev.millrace.standalone.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** A service that the pipeline watches and may repair: each repair is an HTTP call. */
final class WatchedService implements AutoCloseable {

  /** Its health is watched; it may be restarted. */
  static final String PROJECT = "watched";

  /** Its metrics are read too; everything may be done to it. */
  static final String METERED_PROJECT = "metered";

  private static final String ACTIONS = "/actions/";

  private final HttpServer server;
  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final List<String> actions = new CopyOnWriteArrayList<>();
  private volatile String metrics = "";

  WatchedService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, healthy.get() ? 200 : 500, ""));
    server.createContext(
        "/metrics", exchange -> answer(exchange, metrics.isEmpty() ? 404 : 200, metrics));
    server.createContext(
        ACTIONS,
        exchange -> {
          actions.add(exchange.getRequestURI().getPath().substring(ACTIONS.length()));
          healthy.set(true);
          metrics = "";
          answer(exchange, 200, "");
        });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  void breakDown() {
    healthy.set(false);
  }

  /** Exposes metrics until something is done to it. */
  void expose(String text) {
    metrics = text;
  }

  boolean isHealthy() {
    return healthy.get();
  }

  /** What was done to it, oldest first. */
  List<String> actions() {
    return List.copyOf(actions);
  }

  long restarts() {
    return actions.stream().filter("restart_service"::equals).count();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The hook for an action, as {@code REMEDIATION_HOOKS} lists it. */
  String hook(String project, String action) {
    return "{\"project\":\"%s\",\"action\":\"%s\",\"http\":{\"method\":\"POST\",\"url\":\"%s\"}}"
        .formatted(project, action, url() + ACTIONS + action);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
