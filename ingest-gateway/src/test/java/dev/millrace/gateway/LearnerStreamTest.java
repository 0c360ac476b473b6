package dev.millrace.gateway;

import static dev.millrace.gateway.GatewayFixture.bearer;
import static dev.millrace.gateway.ScriptedPlanner.DAY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class LearnerStreamTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();
  private final ScriptedPlanner planner = new ScriptedPlanner(gateway);

  @Test
  void aLearnerIsToldOfTheOwnPlansAlone() throws Exception {
    HttpResponse<InputStream> response = open(bearer("learner-1"));
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
      assertThat(lines.readLine()).startsWith(":");
      gateway.post("/orchestrator/day.run", DAY, "Authorization", bearer("learner-2"));

      planner.post("/orchestrator/day.run", DAY.replace("3", "4"));

      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEqualTo("event: instructor_plan_created");
      JsonNode message = Json.read(lines.readLine().substring("data: ".length()));
      assertThat(message.get("channel").asString()).isEqualTo("wisely.events");
      assertThat(message.get("event").asString()).isEqualTo("instructor_plan_created");
      assertThat(message.at("/payload/session_id").asString()).isEqualTo("session-1");
      assertThat(message.at("/payload/day").asInt()).isEqualTo(4);
      assertThat(message.toString()).doesNotContain("learner-1");
    }
  }

  @Test
  void aLearnerDoesNotTakeTheStreamsOfAll() throws Exception {
    List<HttpResponse<InputStream>> streams = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      streams.add(open(bearer("learner-1")));
    }

    streams.add(open(bearer("learner-1")));

    streams.add(open(bearer("learner-2")));
    for (HttpResponse<InputStream> stream : streams) {
      stream.body().close();
    }
    assertThat(streams)
        .extracting(HttpResponse::statusCode)
        .containsExactly(200, 200, 200, 200, 200, 200, 200, 200, 429, 200);
  }

  @Test
  void theStreamNeedsAToken() throws Exception {
    assertThat(open("Bearer x").statusCode()).isEqualTo(401);
  }

  private HttpResponse<InputStream> open(String authorization)
      throws IOException, InterruptedException {
    return gateway
        .http()
        .send(
            HttpRequest.newBuilder(gateway.uri("/api/learning/events"))
                .header("Authorization", authorization)
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }
}
