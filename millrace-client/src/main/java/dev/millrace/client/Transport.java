package dev.millrace.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Requests and answers over HTTP, and when they are tried again. */
final class Transport {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final String JSON_TYPE = "application/json";

  static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private final URI gateway;
  private final Caller caller;
  private final Duration timeout;
  private final Retries retries;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * Who calls, and within which trace.
   *
   * @param traceparent as of W3C Trace Context
   */
  record Caller(Optional<String> apiKey, Optional<String> token, Optional<String> traceparent) {}

  Transport(URI gateway, Caller caller, Duration timeout, Retries retries) {
    this.gateway = gateway;
    this.caller = caller;
    this.timeout = timeout;
    this.retries = retries;
  }

  /** Whether a call may be made twice. */
  private enum Repeatable {
    YES,
    NO
  }

  <T> T get(String path, Class<T> type) {
    return read(send(request(path).GET(), Repeatable.YES), type);
  }

  /** A page of a list. */
  <T> Page<T> page(String path, String field, Class<T> type) {
    JsonNode body = get(path, JsonNode.class);
    List<T> items = new ArrayList<>();
    body.path(field).forEach(item -> items.add(JSON.convertValue(item, type)));
    return new Page<>(items, Optional.ofNullable(body.path("next_cursor").textValue()));
  }

  /** A call that must not be made twice. */
  <T> T post(String path, @Nullable Object body, Class<T> type) {
    return read(send(json(request(path), body), Repeatable.NO), type);
  }

  /** A call of a route that knows repetitions by their key. */
  <T> T postOnce(String path, @Nullable Object body, @Nullable String key, Class<T> type) {
    return once(json(request(path), body), key == null ? newKey() : key, type);
  }

  /** A removal through a route that knows repetitions by their key. */
  <T> T deleteOnce(String path, Class<T> type) {
    return once(request(path).DELETE(), newKey(), type);
  }

  private <T> T once(HttpRequest.Builder request, String key, Class<T> type) {
    return read(send(request.header("Idempotency-Key", key), Repeatable.YES), type);
  }

  private static String newKey() {
    return UUID.randomUUID().toString();
  }

  <T> T upload(String path, byte[] content, Class<T> type) {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/octet-stream")
            .POST(BodyPublishers.ofByteArray(content));
    return read(send(request, Repeatable.NO), type);
  }

  /** Opens a stream; the caller closes it. */
  InputStream stream(String path, Optional<String> lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path)).header("Accept", "text/event-stream").GET();
    introduce(request);
    lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
    return exchange(request.build(), BodyHandlers.ofInputStream(), Transport::bytes).body();
  }

  /** Behind a proxy the gateway may have a path of its own, which all others begin with. */
  private URI address(String path) {
    return URI.create(gateway.toString().replaceFirst("/+$", "") + path);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(path))
            .timeout(timeout)
            .header("Accept", JSON_TYPE + ", application/problem+json");
    introduce(request);
    return request;
  }

  private void introduce(HttpRequest.Builder request) {
    caller.apiKey().ifPresent(key -> request.header("X-API-Key", key));
    caller.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    caller.traceparent().ifPresent(parent -> request.header("traceparent", parent));
  }

  private static HttpRequest.Builder json(HttpRequest.Builder request, @Nullable Object body) {
    BodyPublisher publisher =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(write(body));
    return request.header("Content-Type", JSON_TYPE).POST(publisher);
  }

  private static byte[] write(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the request cannot be written as JSON", e);
    }
  }

  private byte[] send(HttpRequest.Builder builder, Repeatable repeatable) {
    HttpRequest request = builder.build();
    for (int failed = 1; ; failed++) {
      try {
        return exchange(request, BodyHandlers.ofByteArray(), body -> body).body();
      } catch (MillraceException e) {
        Optional<Duration> wait =
            repeatable == Repeatable.YES ? retries.after(e, failed) : Optional.empty();
        pause(wait.orElseThrow(() -> e));
      }
    }
  }

  /** How the body of a refusal is read. */
  @FunctionalInterface
  private interface Content<B> {
    byte[] bytes(B body) throws IOException;
  }

  private <B> HttpResponse<B> exchange(
      HttpRequest request, BodyHandler<B> handler, Content<B> content) {
    try {
      HttpResponse<B> response = http.send(request, handler);
      if (response.statusCode() / 100 != 2) {
        throw Problems.of(response, content.bytes(response.body()));
      }
      return response;
    } catch (IOException e) {
      throw MillraceException.noAnswer(
          "%s did not answer: %s".formatted(request.uri(), reason(e)), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** The JDK says of a refused connection nothing but the name of its exception. */
  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static byte[] bytes(InputStream body) throws IOException {
    try (body) {
      return body.readAllBytes();
    }
  }

  static void pause(Duration wait) {
    try {
      Thread.sleep(wait.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static MillraceException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return MillraceException.noAnswer("interrupted while waiting for the gateway", e);
  }

  private static <T> T read(byte[] body, Class<T> type) {
    try {
      return JSON.readValue(body, type);
    } catch (IOException e) {
      throw MillraceException.noAnswer(
          "expected JSON of the gateway, found something else: "
              + new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8),
          e);
    }
  }

  /** A path with a query; parameters without a value are left out. */
  static String path(String path, Map<String, ? extends @Nullable Object> query) {
    StringBuilder text = new StringBuilder(path);
    query.forEach((name, value) -> {
      if (value != null) {
        text.append(text.length() == path.length() ? '?' : '&')
            .append(name)
            .append('=')
            .append(Paths.encode(value.toString()));
      }
    });
    return text.toString();
  }
}
