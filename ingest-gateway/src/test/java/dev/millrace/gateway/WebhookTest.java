package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.PREVIOUS_SECRET;
import static dev.millrace.gateway.GatewayFixture.WEBHOOK_SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.gateway.Receipt;
import dev.millrace.schemas.github.GithubEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WebhookTest {

  private static final String PUSH =
      """
      {"ref": "refs/heads/main", "repository": {"id": 1, "full_name": "acme/docs"},
       "sender": {"login": "octocat"}, "commits": [{"id": "a1", "message": "Grüße"}]}
      """;

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void aSignedPushBecomesAnEvent() {
    Answer answer = gateway.deliver("push", "delivery-1", PUSH, WEBHOOK_SECRET);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().toString())
        .isEqualTo(
            "{\"success\":true,\"event\":\"push\",\"delivery\":\"delivery-1\",\"duplicate\":false}");
    GithubEvent event = gateway.sink.values(Topics.GITHUB_EVENTS).getFirst();
    assertThat(event.getRepository()).isEqualTo("acme/docs");
    assertThat(event.getSender()).isEqualTo("octocat");
    assertThat(event.getRef()).isEqualTo("refs/heads/main");
    assertThat(event.getAction()).isNull();
    assertThat(event.getPayload()).isEqualTo(PUSH);
    assertThat(gateway.sink.on(Topics.GITHUB_EVENTS).getFirst().key()).isEqualTo("acme/docs");
    assertThat(gateway.sink.on(Topics.GITHUB_EVENTS).getFirst().context().id().value())
        .isEqualTo("delivery-1");
  }

  @Test
  void theTraceOfTheRequestGoesOnInTheEventAndTheAnswer() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    Answer answer =
        gateway.post(
            "/api/github-webhook",
            PUSH,
            "X-GitHub-Event",
            "push",
            "X-GitHub-Delivery",
            "delivery-1",
            "X-Hub-Signature-256",
            GatewayFixture.signature(PUSH, WEBHOOK_SECRET),
            "traceparent",
            "00-" + trace + "-00f067aa0ba902b7-01");

    assertThat(answer.header("traceparent")).startsWith("00-" + trace);
    assertThat(gateway.sink.on(Topics.GITHUB_EVENTS).getFirst().context().trace().traceId())
        .isEqualTo(trace);
  }

  @Test
  void aDeliveryThatComesAgainIsAnsweredAndNotAcceptedTwice() {
    gateway.deliver("push", "delivery-1", PUSH, WEBHOOK_SECRET);

    Answer again = gateway.deliver("push", "delivery-1", PUSH, WEBHOOK_SECRET);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("duplicate").asBoolean()).isTrue();
    assertThat(gateway.sink.on(Topics.GITHUB_EVENTS)).hasSize(1);
  }

  @Test
  void aReceiptFromBeforeARestartMakesADeliveryADuplicate() {
    gateway.deliver("push", "delivery-1", PUSH, WEBHOOK_SECRET);
    Receipt receipt =
        gateway.sink.values(Topics.GATEWAY_RECEIPTS).getFirst().getReceipts().getFirst();
    try (GatewayFixture restarted = GatewayFixture.start()) {
      restarted.gateway.receipts().learn(receipt);

      Answer again = restarted.deliver("push", "delivery-1", PUSH, WEBHOOK_SECRET);

      assertThat(again.json().get("duplicate").asBoolean()).isTrue();
      assertThat(restarted.sink.on(Topics.GITHUB_EVENTS)).isEmpty();
    }
  }

  @Test
  void thePreviousSecretIsValidDuringARotation() {
    Answer answer = gateway.deliver("issues", "delivery-2", PUSH, PREVIOUS_SECRET);

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aWrongSignatureIsRefused() {
    Answer answer = gateway.deliver("push", "delivery-1", PUSH, "test-secret-of-somebody-else");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(gateway.sink.on(Topics.GITHUB_EVENTS)).isEmpty();
  }

  @Test
  void aMissingSignatureIsRefused() {
    Answer answer =
        gateway.post(
            "/api/github-webhook", PUSH, "X-GitHub-Event", "push", "X-GitHub-Delivery", "1");

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().get("detail").asString()).contains("X-Hub-Signature-256");
  }

  @Test
  void aMissingDeliveryIdIsNamed() {
    Answer answer =
        gateway.post(
            "/api/github-webhook",
            PUSH,
            "X-GitHub-Event",
            "push",
            "X-Hub-Signature-256",
            GatewayFixture.signature(PUSH, WEBHOOK_SECRET));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("X-GitHub-Delivery");
  }

  @Test
  void aPingIsAnsweredAndNotRecorded() {
    Answer answer = gateway.deliver("ping", "delivery-3", "{\"zen\": \"-\"}", WEBHOOK_SECRET);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get("event").asString()).isEqualTo("ping");
    assertThat(gateway.sink.on(Topics.GITHUB_EVENTS)).isEmpty();
  }

  @Test
  void aSignedBodyThatIsNotJsonIsRefused() {
    Answer answer = gateway.deliver("push", "delivery-4", "{\"ref\": ", WEBHOOK_SECRET);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("type").asString()).endsWith("malformed-json");
  }

  @Test
  void anotherMediaTypeIsRefused() {
    Answer answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/api/github-webhook"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", "delivery-5")
                .header("X-Hub-Signature-256", GatewayFixture.signature("a=b", WEBHOOK_SECRET))
                .POST(HttpRequest.BodyPublishers.ofString("a=b")));

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void aBodyOfThirtyMegabytesIsRefusedAndTheConnectionGoesOn() {
    String large = "{\"filler\": \"" + "x".repeat(30 << 20) + "\"}";

    Answer answer = gateway.deliver("push", "delivery-6", large, WEBHOOK_SECRET);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(gateway.get("/health").status()).isEqualTo(200);
  }

  @Test
  void aClientThatWantsTheConnectionClosedSeesTheRefusalToo() throws IOException {
    URI uri = gateway.uri("/");
    int length = 30 << 20;
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          """
          POST /api/github-webhook HTTP/1.1\r
          Host: localhost\r
          Connection: close\r
          Content-Type: application/json\r
          X-GitHub-Event: push\r
          X-GitHub-Delivery: delivery-11\r
          X-Hub-Signature-256: sha256=00\r
          Content-Length: %d\r
          \r
          """
              .formatted(length)
              .getBytes(UTF_8));
      out.write(new byte[length]);
      out.flush();

      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 413").contains("application/problem+json");
    }
  }

  @Test
  void aBodyOfUnknownLengthIsRefusedAtTheLimit() {
    byte[] large = new byte[30 << 20];

    Answer answer =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/api/github-webhook"))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", "delivery-7")
                .header("X-Hub-Signature-256", "sha256=" + "0".repeat(64))
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large))));

    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void manyDeliveriesOfOneSecondAreLimited() {
    try (GatewayFixture limited =
        GatewayFixture.start(Map.of("RATE_LIMIT_WEBHOOKS_PER_SECOND", "1"))) {
      limited.deliver("push", "delivery-8", PUSH, WEBHOOK_SECRET);
      limited.deliver("push", "delivery-9", PUSH, WEBHOOK_SECRET);

      Answer third = limited.deliver("push", "delivery-10", PUSH, WEBHOOK_SECRET);

      assertThat(third.status()).isEqualTo(429);
      assertThat(third.header("Retry-After")).isEqualTo("1");
    }
  }
}
