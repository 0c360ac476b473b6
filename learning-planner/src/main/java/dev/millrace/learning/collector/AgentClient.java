package dev.millrace.learning.collector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.runtime.failure.RetryAfter;
import dev.millrace.schemas.learning.LearningSignalRequest;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks one signal agent over HTTP: {@code POST} with a JSON body, an ETag, and an idempotency key.
 * A busy agent (429) is asked again when it says, a failing one (5xx, timeout, no connection) after
 * pauses that double; any other answer is final.
 */
final class AgentClient {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_ANSWER_BYTES = 256 << 10;
  private static final int NOT_MODIFIED = 304;
  private static final int TOO_MANY_REQUESTS = 429;

  /** An agent that asks for a longer pause has failed for now. */
  private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

  private final HttpClient http;
  private final CollectorConfig config;
  private final Pause pause;
  private final MeterRegistry meters;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /** Waits. */
  @FunctionalInterface
  interface Pause {
    void pause(Duration duration) throws InterruptedException;
  }

  /** What one try led to: an answer, or a reason to try again. */
  private sealed interface Try {
    record Final(AgentAnswer answer) implements Try {}

    record Again(AgentAnswer.Failed failure, Optional<Duration> pause) implements Try {}
  }

  AgentClient(HttpClient http, CollectorConfig config, Pause pause, MeterRegistry meters) {
    this.http = http;
    this.config = config;
    this.pause = pause;
    this.meters = meters;
  }

  AgentAnswer ask(LearningSignalRequest request) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      bucket(request.getAgent()).asBlocking().consume(1);
      switch (tryOnce(request)) {
        case Try.Final(AgentAnswer answer) -> {
          return answer;
        }
        case Try.Again(AgentAnswer.Failed failure, Optional<Duration> asked) -> {
          if (attempt >= config.backoff().size()) {
            return failure;
          }
          Duration next = asked.orElse(config.backoff().get(attempt));
          if (next.compareTo(MAX_RETRY_AFTER) > 0) {
            return failure;
          }
          pause.pause(next);
        }
      }
    }
  }

  private Try tryOnce(LearningSignalRequest request) throws InterruptedException {
    try {
      HttpResponse<byte[]> response =
          http.send(
              httpRequest(request),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
      count(request.getAgent(), Integer.toString(response.statusCode()));
      return read(request, response);
    } catch (HttpTimeoutException e) {
      count(request.getAgent(), "timeout");
      return again("TIMEOUT", "no answer within " + config.timeout().toSeconds() + " s");
    } catch (IOException e) {
      count(request.getAgent(), "unreachable");
      return again("UNREACHABLE", "no answer: " + e.getClass().getSimpleName());
    }
  }

  private HttpRequest httpRequest(LearningSignalRequest request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(config.uri(request.getAgent()))
            .timeout(config.timeout())
            .header("Authorization", "Bearer " + config.serviceJwt().reveal())
            .header("X-Idempotency-Key", request.getRequestId())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(body(request)));
    if (request.getIfNoneMatch() != null) {
      builder.header("If-None-Match", request.getIfNoneMatch());
    }
    return builder.build();
  }

  private static String body(LearningSignalRequest request) {
    return JSON.createObjectNode()
        .put("user_id", request.getUserId())
        .put("intent_id", request.getIntentId())
        .put("topic", request.getTopic())
        .put("depth", request.getDepth())
        .put("week", request.getWeek())
        .put("day", request.getDay())
        .toString();
  }

  private static Try read(LearningSignalRequest request, HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status == NOT_MODIFIED) {
      String known = request.getIfNoneMatch();
      return known == null
          ? failed("HTTP_304", "unchanged, but nothing was known")
          : new Try.Final(new AgentAnswer.Unchanged(known));
    }
    if (status == TOO_MANY_REQUESTS) {
      return new Try.Again(
          new AgentAnswer.Failed("RATE_LIMITED", "the agent takes no more calls for now"),
          response
              .headers()
              .firstValue("Retry-After")
              .flatMap(value -> RetryAfter.parse(value, Instant.now())));
    }
    if (status >= 500) {
      return again("HTTP_" + status, "the agent answered " + status);
    }
    if (status / 100 != 2) {
      return failed("HTTP_" + status, "the agent answered " + status);
    }
    return readBody(response);
  }

  private static Try readBody(HttpResponse<byte[]> response) {
    JsonNode json;
    try {
      json = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      return failed("BAD_ANSWER", "the agent's answer is not JSON");
    } catch (IOException e) {
      throw new AssertionError("bytes in memory can be read", e);
    }
    if (!json.path("ok").isBoolean()) {
      return failed("BAD_ANSWER", "the agent's answer has no field ok");
    }
    if (!json.path("ok").booleanValue()) {
      return failed(
          json.path("code").asText("AGENT_FAILED"), json.path("error").asText("no reason given"));
    }
    JsonNode data = json.path("data");
    if (!data.isObject() && !data.isMissingNode()) {
      return failed("BAD_ANSWER", "the agent's data is not an object");
    }
    String etag =
        response
            .headers()
            .firstValue("ETag")
            .orElse(json.path("etag").isTextual() ? json.path("etag").textValue() : null);
    return new Try.Final(new AgentAnswer.Data(data.isObject() ? data.toString() : "{}", etag));
  }

  private static Try failed(String code, String error) {
    return new Try.Final(new AgentAnswer.Failed(code, error));
  }

  private static Try again(String code, String error) {
    return new Try.Again(new AgentAnswer.Failed(code, error), Optional.empty());
  }

  private Bucket bucket(String agent) {
    return buckets.computeIfAbsent(
        agent,
        _ ->
            Bucket.builder()
                .addLimit(limit ->
                    limit
                        .capacity(config.callsPerSecond())
                        .refillGreedy(config.callsPerSecond(), Duration.ofSeconds(1)))
                .build());
  }

  private void count(String agent, String result) {
    meters.counter("millrace.learning.agent.calls", "agent", agent, "result", result).increment();
  }
}
