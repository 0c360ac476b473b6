package dev.millrace.benchmarks.latency;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Asks for tasks that do nothing, at a steady rate, whatever the answers take. */
final class TaskLoad {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String BODY =
      """
      {"taskType":"documentation","priority":"medium",\
      "payload":{"description":"nothing, for the benchmark"},"attributes":{"noop":"true"}}\
      """;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final HttpRequest request;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  TaskLoad(URI gateway, String apiKey) {
    request =
        HttpRequest.newBuilder(gateway.resolve("/api/orchestrator"))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + apiKey)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
  }

  /** Runs for a time; returns when each accepted task was asked for, in epoch milliseconds. */
  Map<String, Long> run(int rate, Duration duration) {
    Map<String, Long> sent = new ConcurrentHashMap<>();
    long interval = Duration.ofSeconds(1).toNanos() / rate;
    long count = duration.toNanos() / interval;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long next = System.nanoTime();
      for (long i = 0; i < count; i++) {
        threads.execute(() -> ask(sent));
        next += interval;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    return sent;
  }

  private void ask(Map<String, Long> sent) {
    long now = System.currentTimeMillis();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("the gateway refused a task: " + answer.body());
      }
      sent.put(MAPPER.readTree(answer.body()).path("task_id").asText(), now);
    } catch (IOException e) {
      throw new IllegalStateException("the gateway does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
