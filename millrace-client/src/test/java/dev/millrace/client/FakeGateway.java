package dev.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that gives prepared answers, in order, and remembers what it was asked. */
final class FakeGateway implements AutoCloseable {

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final HttpServer server;

  /** A request. */
  record Asked(String method, URI uri, Headers headers, String body) {}

  /**
   * An answer.
   *
   * @param promised more bytes than these are promised, so that the connection breaks
   */
  record Answer(int status, Map<String, String> headers, String body, long promised) {}

  FakeGateway() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  FakeGateway answers(int status, String body) {
    return answers(status, Map.of(), body, 0);
  }

  synchronized FakeGateway answers(
      int status, Map<String, String> headers, String body, long promised) {
    answers.add(new Answer(status, headers, body, promised));
    return this;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      Answer answer = answers.remove();
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = answer.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length + answer.promised());
      exchange.getResponseBody().write(bytes);
      exchange.getResponseBody().flush();
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("insufficient bytes")) {
        throw e;
      }
    }
  }

  Asked first() {
    return asked.get(0);
  }

  Asked last() {
    return asked.get(asked.size() - 1);
  }

  MillraceClient client() {
    return builder().build();
  }

  MillraceClient.Builder builder() {
    return builder("");
  }

  /**
   * @param path where a proxy has put the gateway
   */
  MillraceClient.Builder builder(String path) {
    return MillraceClient.at(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path))
        .apiKey("made-up")
        .retries(2, Duration.ofSeconds(5));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
