package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.API_KEY;
import static dev.millrace.gateway.GatewayFixture.bearer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.stream.LiveEventReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LiveStreamTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void aClientIsGreetedAndDisconnectedWhenTheGatewayStops() throws Exception {
    HttpResponse<InputStream> response =
        open("/api/events/stream?topics=task.events", "X-API-Key", API_KEY);
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
      assertThat(lines.readLine()).startsWith(":");

      gateway.gateway.liveEvents().close();

      await().until(() -> !gateway.gateway.liveEvents().isWatched());
    }
  }

  @Test
  void aTokenForTheStreamOpensIt() throws Exception {
    String token =
        gateway.postWithKey("/api/events/stream-token", "{}").json().get("access_token").asString();

    HttpResponse<InputStream> response =
        open("/api/events/stream?access_token=" + token, "Accept", "text/event-stream");

    assertThat(response.statusCode()).isEqualTo(200);
    response.body().close();
  }

  @Test
  void aTokenOfALearnerDoesNotOpenIt() {
    String token = bearer("learner-1").substring("Bearer ".length());

    assertThat(gateway.get("/api/events/stream?access_token=" + token).status()).isEqualTo(403);
    assertThat(gateway.get("/api/events/stream?access_token=x").status()).isEqualTo(401);
  }

  @Test
  void aTopicThatIsNotShownIsRefused() {
    assertThat(gateway.getWithKey("/api/events/stream?topics=learning.intents").fields())
        .containsExactly("topics");
  }

  @Test
  void thePageOffersEveryTopicThatIsShown() {
    String page = gateway.get("/client/gateway.js").text();

    assertThat(LiveEventReader.TOPICS).allSatisfy(topic -> assertThat(page).contains(topic));
  }

  private HttpResponse<InputStream> open(String path, String... headers)
      throws IOException, InterruptedException {
    return gateway
        .http()
        .send(
            HttpRequest.newBuilder(gateway.uri(path)).headers(headers).build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }
}
