package dev.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The gateway of the pipeline that runs, called with the API key of its data directory. */
final class GatewayClient {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final URI gateway;
  private final String apiKey;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  private final UnaryOperator<String> fieldNames;

  GatewayClient(Path data) {
    this(data, UnaryOperator.identity());
  }

  /**
   * @param fieldNames what a field of a body, as a JSON pointer, is called where the user set it
   */
  GatewayClient(Path data, UnaryOperator<String> fieldNames) {
    this.fieldNames = fieldNames;
    this.gateway = PipelineState.of(data).gateway();
    this.apiKey = Credentials.load(data).get(Credentials.API_KEY);
  }

  /** The path of one thing of a collection, whatever somebody takes for its id. */
  static String path(String collection, String id) {
    if (id.isBlank()) {
      throw new StackException("expected an id, found none");
    }
    return collection + '/' + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** What the gateway answers. */
  JsonNode get(String path) throws InterruptedException {
    return send(request(path).GET());
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path))
        .timeout(TIMEOUT)
        .header("X-API-Key", apiKey);
  }

  private JsonNode send(HttpRequest.Builder request) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode body = MAPPER.readTree(answer.body());
      if (answer.statusCode() >= 300) {
        throw new StackException(refusal(body, answer.body()));
      }
      return body;
    } catch (IOException e) {
      throw new StackException("the gateway at %s does not answer: %s".formatted(gateway, e), e);
    }
  }

  /** One sentence for each thing that the gateway says is wrong. */
  private String refusal(JsonNode problem, String text) {
    if (problem.path("errors").isEmpty()) {
      return problem.path("detail").asText(text);
    }
    return problem
        .path("errors")
        .valueStream()
        .map(error ->
            fieldNames.apply(error.path("field").asText()) + ": " + error.path("reason").asText())
        .collect(Collectors.joining("; "));
  }
}
