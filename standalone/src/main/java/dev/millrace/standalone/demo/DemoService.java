package dev.millrace.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A small service that really runs, as a process of its own: {@code /health} answers 200 until
 * somebody calls {@code /break}, and 500 from then on. Only a restart cures it.
 */
public final class DemoService {

  private DemoService() {}

  /** Arguments: the port to listen at, and the file for its process id. */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    AtomicBoolean broken = new AtomicBoolean();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/health", exchange -> answer(exchange, broken.get() ? 500 : 200));
    server.createContext(
        "/break",
        exchange -> {
          broken.set(true);
          answer(exchange, 200);
        });
    server.start();
    Files.writeString(Path.of(args[1]), Long.toString(ProcessHandle.current().pid()));
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    byte[] body =
        "{\"pid\":%d}".formatted(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
