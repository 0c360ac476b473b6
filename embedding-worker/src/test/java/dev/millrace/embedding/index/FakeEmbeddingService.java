package dev.millrace.embedding.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingModels;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.usage.ModelCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A service that speaks OpenAI's protocol, takes few texts at once, and says so. */
final class FakeEmbeddingService implements AutoCloseable {

  /** Length of the vectors it is known to make. */
  static final int DIMENSIONS = 4;

  private final HttpServer server;

  /** Texts of each request, whether it was taken or not. */
  final List<Integer> batches = new CopyOnWriteArrayList<>();

  volatile int mostAtOnce = Integer.MAX_VALUE;
  volatile int dimensions = DIMENSIONS;

  FakeEmbeddingService() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/embeddings", this::answer);
    server.start();
  }

  /** The model as the worker has it. */
  EmbeddingModel model() {
    return EmbeddingModels.withoutRetries(
        Environment.of(
            Map.of(
                "EMBEDDING_MODEL",
                "openai:small-model",
                "EMBEDDING_DIMENSIONS",
                Integer.toString(DIMENSIONS),
                "OPENAI_BASE_URL",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/v1")),
        ModelCall.Listener.NONE);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = new ObjectMapper().readTree(exchange.getRequestBody());
    int texts = request.path("input").size();
    batches.add(texts);
    boolean taken = texts <= mostAtOnce;
    if (!taken) {
      exchange.getResponseHeaders().add("Retry-After", "3");
    }
    byte[] body =
        (taken ? vectors(texts) : "{\"error\":{\"message\":\"slow down\"}}").getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(taken ? 200 : 429, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private String vectors(int texts) {
    String vector =
        IntStream.range(0, dimensions).mapToObj(_ -> "0.5").collect(Collectors.joining(","));
    return IntStream.range(0, texts)
        .mapToObj(
            i -> "{\"object\":\"embedding\",\"index\":%d,\"embedding\":[%s]}".formatted(i, vector))
        .collect(
            Collectors.joining(
                ",",
                "{\"object\":\"list\",\"model\":\"m\",\"data\":[",
                "],\"usage\":{\"prompt_tokens\":%1$d,\"total_tokens\":%1$d}}"
                    .formatted(10 * texts)));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
