package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.standalone.check.WebhookSignature;
import dev.millrace.standalone.embedded.Credentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The gateway as its users call it: what it answers must be as its OpenAPI document says. */
final class Gateway {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final AnswerContract CONTRACT = new AnswerContract();

  private final URI uri;
  private final Credentials credentials;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  Gateway(URI uri, Credentials credentials) {
    this.uri = uri;
    this.credentials = credentials;
  }

  /** What came back. */
  record Answer(int status, Map<String, List<String>> headers, String text) {

    JsonNode json() {
      try {
        return MAPPER.readTree(text);
      } catch (IOException e) {
        throw new AssertionError("expected JSON, found: " + text, e);
      }
    }

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).getFirst();
    }
  }

  URI uri() {
    return uri;
  }

  Answer get(String path) {
    return send(request(path).header("X-API-Key", apiKey()).GET());
  }

  Answer post(String path, String body) {
    return send(
        request(path)
            .header("X-API-Key", apiKey())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Asks for a task, which must be accepted; returns its id. */
  String accepted(String request) {
    Answer answer = post("/api/orchestrator", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("task_id").asText();
  }

  /** An event of a platform, with the key of platforms. */
  Answer platformEvent(String body) {
    return send(
        request("/api/javari-events")
            .header("X-API-Key", credentials.get(Credentials.JAVARI_API_KEY))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** A file for the knowledge base. */
  Answer upload(String name, byte[] content, String mediaType) {
    return send(
        request("/api/knowledge/files?name=" + name)
            .header("X-API-Key", apiKey())
            .header("Content-Type", mediaType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(content)));
  }

  /** A delivery as GitHub sends it, signed with this secret. */
  Answer webhook(String event, String delivery, String secret, String body) {
    return send(
        request("/api/github-webhook")
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Delivery", delivery)
            .header("X-Hub-Signature-256", WebhookSignature.of(body.getBytes(UTF_8), secret))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** A request that is not prepared further. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri.resolve(path)).timeout(TIMEOUT);
  }

  Answer send(HttpRequest.Builder prepared) {
    HttpRequest request = prepared.build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      Answer answer = new Answer(response.statusCode(), response.headers().map(), response.body());
      CONTRACT.check(
          request.method(),
          request.uri().getPath(),
          answer.status(),
          answer.header("Content-Type").split(";", 2)[0],
          answer.text());
      return answer;
    } catch (IOException e) {
      throw new AssertionError("the gateway does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  String apiKey() {
    return credentials.get(Credentials.API_KEY);
  }

  String webhookSecret() {
    return credentials.get(Credentials.WEBHOOK_SECRET);
  }
}
