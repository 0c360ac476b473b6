package dev.millrace.learning.collector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.millrace.runtime.failure.RetryAfter;
import dev.millrace.runtime.http.HeaderText;
import dev.millrace.schemas.learning.LearningSignalRequest;
import io.github.bucket4j.Bucket;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks one signal agent over HTTP: {@code POST} with a JSON body, an ETag, and an idempotency key.
 * A busy agent (429) is asked again when it says, a failing one (5xx, timeout, no connection) after
 * pauses that double; any other answer is final, also one that is too large.
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

  /** An answer with the beginning of its body: of one that is too large, a byte too many. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Exchange(HttpResponse<InputStream> response, byte[] body) {}

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
    FutureTask<Exchange> exchange = new FutureTask<>(() -> exchange(request));
    Thread thread = Thread.ofVirtual().name("learning-planner-agent").start(exchange);
    try {
      Exchange answered = exchange.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
      count(request.getAgent(), Integer.toString(answered.response().statusCode()));
      return read(request, answered);
    } catch (TimeoutException e) {
      return timedOut(request);
    } catch (ExecutionException e) {
      return unanswered(request, e.getCause());
    } finally {
      thread.interrupt();
    }
  }

  /**
   * The time limit of a request ends with the headers of its answer: the body is waited for too.
   */
  private Exchange exchange(LearningSignalRequest request)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(httpRequest(request), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      return new Exchange(response, body.readNBytes(MAX_ANSWER_BYTES + 1));
    }
  }

  private Try unanswered(LearningSignalRequest request, @Nullable Throwable failure) {
    return switch (failure) {
      case HttpTimeoutException _ -> timedOut(request);
      case IOException e -> {
        count(request.getAgent(), "unreachable");
        yield again("UNREACHABLE", "no answer: " + e.getClass().getSimpleName());
      }
      case null, default -> throw new IllegalStateException("the agent cannot be called", failure);
    };
  }

  private Try timedOut(LearningSignalRequest request) {
    count(request.getAgent(), "timeout");
    return again("TIMEOUT", "no answer within " + config.timeout().toMillis() + " ms");
  }

  private HttpRequest httpRequest(LearningSignalRequest request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(config.uri(request.getAgent()))
            .timeout(config.timeout())
            .header("Authorization", "Bearer " + config.serviceJwt().reveal())
            .header("X-Idempotency-Key", HeaderText.encoded(request.getRequestId()))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(body(request)));
    String known = request.getIfNoneMatch();
    // One that cannot be sent is of no use: the agent says everything again.
    if (known != null && HeaderText.isSendable(known)) {
      builder.header("If-None-Match", known);
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

  private static Try read(LearningSignalRequest request, Exchange answered) {
    HttpResponse<InputStream> response = answered.response();
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
    boolean tooLarge = answered.body().length > MAX_ANSWER_BYTES;
    JsonNode json = tooLarge ? MissingNode.getInstance() : json(answered.body());
    if (status / 100 != 2) {
      AgentAnswer.Failed failure = failure(json, "HTTP_" + status, "the agent answered " + status);
      return status >= 500 ? new Try.Again(failure, Optional.empty()) : new Try.Final(failure);
    }
    if (tooLarge) {
      return failed("TOO_LARGE", "the agent's answer has more than " + MAX_ANSWER_BYTES + " bytes");
    }
    if (!json.path("ok").isBoolean()) {
      return failed("BAD_ANSWER", "the agent's answer is not JSON with a field ok");
    }
    return json.path("ok").booleanValue()
        ? new Try.Final(data(response, json))
        : new Try.Final(failure(json, "AGENT_FAILED", "no reason given"));
  }

  /** What the agent says about its failure; what it does not say is filled in. */
  private static AgentAnswer.Failed failure(JsonNode json, String code, String error) {
    return new AgentAnswer.Failed(json.path("code").asText(code), json.path("error").asText(error));
  }

  private static AgentAnswer data(HttpResponse<InputStream> response, JsonNode json) {
    JsonNode data = json.path("data");
    String etag =
        response
            .headers()
            .firstValue("ETag")
            .orElse(json.path("etag").isTextual() ? json.path("etag").textValue() : null);
    return new AgentAnswer.Data(data.isMissingNode() ? "{}" : data.toString(), etag);
  }

  /** The body as JSON, nothing if it is none. */
  private static JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new AssertionError("bytes in memory can be read", e);
    }
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
