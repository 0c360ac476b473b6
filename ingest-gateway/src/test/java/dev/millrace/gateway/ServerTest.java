package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.API_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {

  private static final String TASK =
      "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}";

  @Test
  void withoutABrokerAClientIsToldToComeBack() {
    KafkaConfig config =
        KafkaConfig.from(
            Environment.of(
                Map.of(
                    "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                    "SCHEMA_REGISTRY_URL", "http://127.0.0.1:1")));
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (KafkaClients kafka =
        new KafkaClients("test", config, EventSerdes.of(config.registry()), meters)) {
      EventPublisher publisher = new EventPublisher(kafka, Duration.ofMillis(300));
      publisher.start();
      try (GatewayFixture gateway = GatewayFixture.writingTo(publisher::publish)) {
        Answer answer = gateway.postWithKey("/api/orchestrator", TASK);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
      } finally {
        publisher.stop();
      }
    }
  }

  @Test
  void anUnknownPathIsAProblem() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer = gateway.get("/api/nothing");

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.json().get("instance").asString()).isEqualTo("/api/nothing");
    }
  }

  @Test
  void aRequestLineThatIsTooLongIsAProblem() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.start();
        Socket client = new Socket(InetAddress.getLoopbackAddress(), gateway.uri("/").getPort())) {
      String line = "GET /health?q=" + "x".repeat(80 << 10);

      client.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
      String answer =
          new String(client.getInputStream().readNBytes(400), StandardCharsets.US_ASCII);

      assertThat(answer)
          .startsWith("HTTP/1.1 414 ")
          .contains("a request line has at most 81920 bytes");
    }
  }

  @Test
  void aPathThatCannotBeReadIsAnsweredWithAProblem() throws IOException {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      String answer = gateway.sendRaw("GET /api/tasks/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }
  }

  @Test
  void aBodyInAnEncodingThatIsNotReadIsAnsweredWithAProblem() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer =
          gateway.post("/api/orchestrator", TASK, "X-API-Key", API_KEY, "Content-Encoding", "gzip");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().get("detail").asString())
          .contains("expected a body without Content-Encoding, found gzip");
      assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }
  }

  @Test
  void anIdMayHaveASlash() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer = gateway.getWithKey("/api/tasks/acme%2F1");

      assertThat(answer.json().get("detail").asString()).isEqualTo("there is no task acme/1");
    }
  }

  @Test
  void aFilterThatIsNotKnownIsRefusedInsteadOfFilteringNothing() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer = gateway.getWithKey("/api/events?event_type=task_created");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().get("detail").asString())
          .startsWith("event_type: is not a parameter that is known here; known are type, source");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/queue/clear?queue=claude", "/api/queue/pause?queue=claude"})
  void aCommandThatIsMeantForOneQueueDoesNotReachAllOfThem(String path) {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer = gateway.postWithKey(path, "");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().get("detail").asString())
          .startsWith("queue: is not a parameter that is known here");
      assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).isEmpty();
    }
  }

  @Test
  void aProbeMayAddToItsAddressWhatItLikes() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      assertThat(gateway.get("/health?at=1").status()).isEqualTo(200);
    }
  }

  @Test
  void aWrongMethodIsAProblemThatNamesTheRightOne() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer = gateway.getWithKey("/api/orchestrator");

      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("POST, OPTIONS");
    }
  }

  @Test
  void headIsAnsweredWithTheHeadersOfGetAndNoBody() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer full = gateway.get("/openapi");
      Answer head =
          gateway.send(
              HttpRequest.newBuilder(gateway.uri("/openapi"))
                  .method("HEAD", HttpRequest.BodyPublishers.noBody()));

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).isEqualTo(full.header("Content-Type"));
      assertThat(head.header("Content-Length")).isEqualTo(full.header("Content-Length"));
      assertThat(head.text()).isEmpty();
    }
  }

  @Test
  void headOfAStreamThatLastsEndsAtOnce() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer head =
          gateway.send(
              HttpRequest.newBuilder(gateway.uri("/api/events/stream"))
                  .header("X-API-Key", GatewayFixture.API_KEY)
                  .method("HEAD", HttpRequest.BodyPublishers.noBody()));

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).startsWith("text/event-stream");
    }
  }

  @Test
  void optionsNamesTheMethodsOfAPath() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer answer =
          gateway.send(
              HttpRequest.newBuilder(gateway.uri("/api/tasks/t-1"))
                  .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

      assertThat(answer.status()).isEqualTo(204);
      assertThat(answer.header("Allow")).isEqualTo("GET, HEAD, OPTIONS");
    }
  }

  @Test
  void pagesElsewhereMayCallOnlyIfTheyAreListed() {
    try (GatewayFixture gateway =
        GatewayFixture.start(Map.of("GATEWAY_CORS_ORIGINS", "https://console.example"))) {
      Answer listed = gateway.get("/health", "Origin", "https://console.example");
      Answer other = gateway.get("/health", "Origin", "https://elsewhere.example");
      Answer preflight =
          gateway.send(
              HttpRequest.newBuilder(gateway.uri("/api/orchestrator"))
                  .header("Origin", "https://console.example")
                  .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

      assertThat(listed.header("Access-Control-Allow-Origin")).isEqualTo("https://console.example");
      assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
      assertThat(other.header("Vary")).isEqualTo("Origin");
      assertThat(preflight.status()).isEqualTo(204);
      assertThat(preflight.header("Access-Control-Allow-Headers"))
          .contains("X-API-Key", "apikey", "X-Client-Info");
    }
  }

  @Test
  void aStarLetsPagesOfEveryOriginCall() {
    try (GatewayFixture gateway = GatewayFixture.start(Map.of("GATEWAY_CORS_ORIGINS", "*"))) {
      Answer answer = gateway.get("/health", "Origin", "https://elsewhere.example");

      assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }
  }

  @Test
  void callsBeyondTheLimitAreRefused() {
    try (GatewayFixture gateway = GatewayFixture.start(Map.of("GATEWAY_MAX_IN_FLIGHT", "1"))) {
      gateway.sink.react(_ ->
          assertThat(gateway.get("/health").status()).as("while one is in flight").isEqualTo(503));

      Answer answer = gateway.post("/api/orchestrator", TASK, "X-API-Key", API_KEY);

      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void theDocumentComesInTheFormThatIsAskedFor() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      assertThat(gateway.get("/openapi").text()).startsWith("openapi: 3.1.0");
      assertThat(
              gateway
                  .get("/openapi", "Accept", "application/json")
                  .json()
                  .get("openapi")
                  .asString())
          .isEqualTo("3.1.0");
      assertThat(gateway.get("/openapi/ui").text()).contains("swagger-ui-bundle.js");
    }
  }

  @Test
  void librariesOfPagesAreServedToBeKept() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      Answer first = gateway.get("/webjars/swagger-ui/5.34.1/swagger-ui.css");

      Answer again =
          gateway.get(
              "/webjars/swagger-ui/5.34.1/swagger-ui.css", "If-None-Match", first.header("ETag"));

      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header("Cache-Control")).contains("immutable");
      assertThat(again.status()).isEqualTo(304);
    }
  }

  @Test
  void nothingOutsideTheFolderIsServed() {
    try (GatewayFixture gateway = GatewayFixture.start()) {
      assertThat(gateway.get("/webjars/..%2f..%2fMANIFEST.MF").status()).isEqualTo(404);
      assertThat(gateway.get("/webjars/%2e%2e/%2e%2e/logback.xml").status()).isIn(400, 404);
      assertThat(gateway.get("/logback.xml").status()).isEqualTo(404);
    }
  }
}
