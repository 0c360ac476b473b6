package dev.millrace.standalone.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that the pipeline watches and may restart: its restart is an HTTP call. */
final class WatchedService implements AutoCloseable {

  static final String PROJECT = "watched";

  private final HttpServer server;
  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final AtomicInteger restarts = new AtomicInteger();

  WatchedService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, healthy.get() ? 200 : 500));
    server.createContext(
        "/restart",
        exchange -> {
          restarts.incrementAndGet();
          healthy.set(true);
          answer(exchange, 200);
        });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  void breakDown() {
    healthy.set(false);
  }

  boolean isHealthy() {
    return healthy.get();
  }

  int restarts() {
    return restarts.get();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
