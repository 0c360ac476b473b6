package dev.millrace.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.standalone.demo.SimulatedProcess.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small service to watch and repair, on loopback:
 *
 * <pre>
 * /health, /                        200, or 500 while it is down
 * /metrics                          its metrics, in the text format of Prometheus
 * /break                            makes it go down; /break/high_memory, /break/high_cpu and
 *                                   /break/high_error give it another trouble
 * /actions/restart_service          cures everything
 * /actions/clear_cache              gives memory back
 * /actions/pause_service            it does nothing until it is restarted
 * </pre>
 */
public final class DemoService implements AutoCloseable {

  private final SimulatedProcess process = new SimulatedProcess(System::nanoTime);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private DemoService(HttpServer server) {
    this.server = server;
  }

  /**
   * Runs as a process of its own.
   *
   * @param args the port to listen at, and the file for its process id
   */
  public static void main(String[] args) throws IOException {
    DemoService _ = listen(Integer.parseInt(args[0]));
    Files.writeString(Path.of(args[1]), Long.toString(ProcessHandle.current().pid()));
  }

  /**
   * Begins to listen.
   *
   * @param port where; 0 for a free one
   * @throws IOException if the port is taken
   */
  static DemoService listen(int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    DemoService service = new DemoService(server);
    server.setExecutor(service.threads);
    server.createContext("/", service::health);
    server.createContext(
        "/metrics",
        exchange -> answer(exchange, 200, "text/plain; version=0.0.4", service.process.metrics()));
    service.command("/break", () -> service.process.trouble(Trouble.DOWN));
    for (Trouble trouble : Trouble.values()) {
      service.command("/break/" + trouble.code(), () -> service.process.trouble(trouble));
    }
    service.command("/actions/restart_service", service.process::restart);
    service.command("/actions/clear_cache", service.process::clearCache);
    service.command("/actions/pause_service", service.process::pause);
    server.start();
    return service;
  }

  /** What is at no address of its own answers as a site does that has nothing there. */
  private void health(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/") && !path.equals("/health")) {
      answer(exchange, 404, "{}");
      return;
    }
    String body =
        "{\"pid\":%d,\"paused\":%s}".formatted(ProcessHandle.current().pid(), process.isPaused());
    answer(exchange, process.isUp() ? 200 : 500, body);
  }

  private void command(String path, Runnable command) {
    server.createContext(
        path,
        exchange -> {
          command.run();
          answer(exchange, 200, "{\"success\":true}");
        });
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    answer(exchange, status, "application/json", body);
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
