package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An embedding service that can be held in the middle of a document. */
final class ScriptedEmbeddings implements AutoCloseable {

  private static final int DIMENSIONS = 8;

  private final HttpServer server;
  private final List<String> embedded = new ArrayList<>();
  private CountDownLatch held = new CountDownLatch(0);
  private CountDownLatch reached = new CountDownLatch(1);
  private String marker = "";

  ScriptedEmbeddings() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/embeddings", this::answer);
    server.start();
  }

  /** What makes the embedding worker use it. */
  Map<String, String> environment() {
    return Map.of(
        "EMBEDDING_MODEL",
        "openai:scripted",
        "EMBEDDING_DIMENSIONS",
        Integer.toString(DIMENSIONS),
        "OPENAI_BASE_URL",
        "http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  /** From now on, whoever wants a text with this in it embedded waits. */
  synchronized void holdAt(String text) {
    marker = text;
    held = new CountDownLatch(1);
    reached = new CountDownLatch(1);
  }

  /** Whether somebody waits. */
  synchronized boolean isHolding() {
    return reached.getCount() == 0;
  }

  synchronized void release() {
    held.countDown();
  }

  /** Texts that were embedded, in order. */
  synchronized List<String> embedded() {
    return List.copyOf(embedded);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = new ObjectMapper().readTree(exchange.getRequestBody());
    List<String> texts = new ArrayList<>();
    request.path("input").forEach(text -> texts.add(text.asText()));
    await(texts);
    StringBuilder vectors = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      vectors
          .append(i == 0 ? "" : ",")
          .append(
              "{\"object\":\"embedding\",\"index\":%d,\"embedding\":[%d,1,1,1,1,1,1,1]}"
                  .formatted(i, texts.get(i).length()));
    }
    byte[] body =
        """
        {"object":"list","model":"m","data":[%s],"usage":{"prompt_tokens":%2$d,"total_tokens":%2$d}}
        """
            .formatted(vectors, 10 * texts.size())
            .getBytes(UTF_8);
    synchronized (this) {
      embedded.addAll(texts);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void await(List<String> texts) {
    CountDownLatch until;
    synchronized (this) {
      if (marker.isEmpty() || texts.stream().noneMatch(text -> text.contains(marker))) {
        return;
      }
      reached.countDown();
      until = held;
    }
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
  }
}
