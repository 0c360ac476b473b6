package dev.millrace.runtime.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.health.Readiness;
import dev.millrace.runtime.health.ReadinessMonitor;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics("test-app");
  private final ManagementServer server =
      new ManagementServer(
          "test-app",
          new ManagementConfig("127.0.0.1", 0),
          new ReadinessMonitor("test-app", readiness),
          metrics);
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
    metrics.close();
  }

  @Test
  void isAliveWhileItAnswers() throws Exception {
    HttpResponse<String> response = get("/health/live");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(json(response).path("app").asText()).isEqualTo("test-app");
    assertThat(json(response).path("status").asText()).isEqualTo("up");
  }

  @Test
  void isReadyWhenEverythingItNeedsIsThere() throws Exception {
    readiness.add("kafka", () -> Health.UP);

    HttpResponse<String> response = get("/health/ready");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).path("checks").path("kafka").path("status").asText()).isEqualTo("up");
    assertThat(json(response).path("since").asText()).endsWith("Z");
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    readiness.add("kafka", () -> Health.UP);
    readiness.add("postgres", () -> Health.down("Connection refused"));

    HttpResponse<String> response = get("/health/ready");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(json(response).path("status").asText()).isEqualTo("down");
    assertThat(json(response).path("checks").path("postgres").path("reason").asText())
        .isEqualTo("Connection refused");
  }

  @Test
  void givesTheMetersInPrometheusForm() throws Exception {
    metrics.registry().counter("millrace.test").increment();

    HttpResponse<String> response = get("/metrics");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(response.body())
        .contains("millrace_test_total{app=\"test-app\"} 1.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void knowsNothingElse() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(server.uri().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }
}
