package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.GatewayFixture.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LargeBodiesTest {

  private static final String PATH = "/api/github-webhook";

  @RegisterExtension
  private final GatewayFixture gateway =
      GatewayFixture.start(Map.of("GATEWAY_MAX_BUFFERED", "1MB"));

  private Answer deliver(HttpRequest.BodyPublisher body, String signature) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.uri(PATH))
            .header("Content-Type", "application/json")
            .header("X-GitHub-Event", "push")
            .header("X-GitHub-Delivery", "delivery-1")
            .header("X-Hub-Signature-256", signature)
            .POST(body));
  }

  private static String delivery(int bytes) {
    return "{\"after\": \"%s\"}".formatted("x".repeat(bytes));
  }

  @Test
  void aBodyThatDoesNotSayHowLargeItIsTakesNoMoreRoomThanItNeeds() {
    String body = delivery(100);

    Answer answer =
        deliver(
            HttpRequest.BodyPublishers.ofInputStream(
                () -> new ByteArrayInputStream(body.getBytes(UTF_8))),
            GatewayFixture.signature(body, GatewayFixture.WEBHOOK_SECRET));

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void aClientThatIsSlowToSendItsLargeBodyKeepsOutNobodyElse() throws IOException {
    String body = delivery(500_000);
    try (Socket slow = new Socket(gateway.uri("/").getHost(), gateway.uri("/").getPort())) {
      // given
      slow.getOutputStream()
          .write(
              """
              POST %s HTTP/1.1\r
              Host: localhost\r
              Content-Length: 900000\r
              X-GitHub-Event: push\r
              X-GitHub-Delivery: delivery-0\r
              X-Hub-Signature-256: sha256=0\r
              \r
              """
                  .formatted(PATH)
                  .getBytes(UTF_8));
      await()
          .untilAsserted(
              () -> assertThat(gateway.meters.get("gateway.in.flight").gauge().value()).isOne());

      // when
      Answer answer =
          deliver(
              HttpRequest.BodyPublishers.ofString(body),
              GatewayFixture.signature(body, GatewayFixture.WEBHOOK_SECRET));

      // then
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyThatIsLargerThanTheRoomThereIsMayBeSentAgain() {
    String body = delivery(2 << 20);

    Answer answer =
        deliver(
            HttpRequest.BodyPublishers.ofString(body),
            GatewayFixture.signature(body, GatewayFixture.WEBHOOK_SECRET));

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(answer.json().get("detail").asString()).contains("too many large bodies");
  }
}
