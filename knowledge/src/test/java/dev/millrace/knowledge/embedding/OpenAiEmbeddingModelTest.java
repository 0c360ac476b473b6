package dev.millrace.knowledge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenAiEmbeddingModelTest {

  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private volatile int dimensions = 1_536;
  private volatile int status = 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/embeddings", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** Vectors in reverse order: their index counts. */
  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = new ObjectMapper().readTree(exchange.getRequestBody());
    requests.add(request);
    int texts = request.path("input").size();
    String data =
        IntStream.range(0, texts)
            .map(i -> texts - 1 - i)
            .mapToObj(i ->
                "{\"object\":\"embedding\",\"index\":%d,\"embedding\":[%s]}"
                    .formatted(
                        i,
                        IntStream.range(0, dimensions)
                            .mapToObj(_ -> Integer.toString(i))
                            .collect(Collectors.joining(","))))
            .collect(Collectors.joining(","));
    String body =
        status == 200
            ? """
            {"object":"list","model":"m","data":[%s],
             "usage":{"prompt_tokens":1,"total_tokens":1}}
            """
                .formatted(data)
            : "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":null,\"code\":null}}";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.getResponseHeaders().add("Retry-After", "0");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private EmbeddingModel model(String name) {
    return EmbeddingModels.from(
        Environment.of(
            Map.of(
                "EMBEDDING_MODEL",
                name,
                "OPENAI_API_KEY",
                "not-a-real-key",
                "OPENAI_BASE_URL",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/v1")));
  }

  @Test
  void textsAreSentInBatchesAndTheirVectorsComeInOrder() {
    List<String> texts = IntStream.range(0, 130).mapToObj(i -> "text " + i).toList();

    List<float[]> vectors = model("openai:text-embedding-ada-002").embed(texts);

    assertThat(requests).extracting(r -> r.path("input").size()).containsExactly(128, 2);
    assertThat(requests).allSatisfy(r -> assertThat(r.has("dimensions")).isFalse());
    assertThat(vectors).hasSize(130);
    assertThat(vectors.get(5)).hasSize(1_536).startsWith(5f);
    assertThat(vectors.get(129)).startsWith(1f);
  }

  @Test
  void aLongerModelIsAskedForVectorsThatCanBeIndexed() {
    EmbeddingModel model = model("openai:text-embedding-3-large");

    model.embed("text");

    assertThat(requests)
        .singleElement()
        .extracting(r -> r.path("dimensions").asInt())
        .isEqualTo(1_536);
    assertThat(model.space().model()).isEqualTo("openai:text-embedding-3-large@1536");
  }

  @Test
  void vectorsOfAWrongLengthAreRefused() {
    dimensions = 3;

    assertThatThrownBy(() -> model("openai:text-embedding-ada-002").embed("text"))
        .isInstanceOf(EmbeddingRefusedException.class)
        .hasMessageContaining("expected vectors of 1536 dimensions")
        .hasMessageContaining("found 3");
  }

  @Test
  void aLimitIsWorthARetry() {
    status = 429;

    assertThatThrownBy(() -> model("openai:text-embedding-ada-002").embed("text"))
        .isInstanceOfSatisfying(
            EmbeddingUnavailableException.class,
            e -> assertThat(e.retryAfter()).contains(Duration.ZERO));
  }

  @Test
  void aTextThatIsNotTakenIsNot() {
    status = 400;

    assertThatThrownBy(() -> model("openai:text-embedding-ada-002").embed("text"))
        .isInstanceOf(EmbeddingRefusedException.class);
  }

  @Test
  void aWrongConfigurationNamesTheVariable() {
    assertThatThrownBy(
            () -> EmbeddingModels.from(Environment.of(Map.of("EMBEDDING_MODEL", "word2vec"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("EMBEDDING_MODEL");
    assertThatThrownBy(() ->
            EmbeddingModels.from(
                Environment.of(Map.of("EMBEDDING_MODEL", "openai:text-embedding-3-small"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("OPENAI_API_KEY");
    assertThatThrownBy(() -> model("openai:custom"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("EMBEDDING_DIMENSIONS");
  }
}
