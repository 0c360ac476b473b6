package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.standalone.command.TokenCommand;
import dev.millrace.standalone.embedded.Credentials;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A learner with a token of its own. */
final class Learner {

  static final String INTENT =
      """
      {"topic":"Machine Learning","depth":"informed","end_goal":"Build models",
       "time_per_day_min":60,"user_tz":"America/New_York",
       "meta":{"learning_style":"project-first"}}
      """;
  static final List<String> AGENTS = List.of("clo", "alex", "ta", "socratic");

  private final Millrace millrace;
  private final String user = "learner-" + UUID.randomUUID();
  private final String token;

  Learner(Millrace millrace) {
    this.millrace = millrace;
    this.token =
        TokenCommand.sign(user, Duration.ofMinutes(5), millrace.credential(Credentials.JWT_SECRET));
  }

  String user() {
    return user;
  }

  Gateway.Answer get(String path) {
    return millrace.gateway().send(request(path).GET());
  }

  Gateway.Answer post(String path, String body) {
    return millrace
        .gateway()
        .send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Says what to learn; the id of the intent. */
  String learns(String intent) {
    Gateway.Answer answer = post("/orchestrator/intent.sync", intent);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("intent_id").asText();
  }

  /** The plan of a day of the first week. */
  JsonNode plan(int day) {
    Gateway.Answer answer = post("/orchestrator/day.run", "{\"week\":1,\"day\":%d}".formatted(day));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  /** Says that a session is done, whether it is the learner's or not. */
  void done(String session) {
    Gateway.Answer answer =
        post(
            "/orchestrator/day.done",
            "{\"session_id\":\"%s\",\"completion_time_min\":5,\"confidence\":5}"
                .formatted(session));
    assertThat(answer.status()).as(answer.text()).isIn(200, 404);
  }

  JsonNode status() {
    return get("/orchestrator/status").json();
  }

  /** A signal that an agent pushes. */
  void hears(String agent, String fields) {
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/learning/signals",
                "{\"user_id\":\"%s\",\"agent\":\"%s\",%s}".formatted(user, agent, fields));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  HttpRequest.Builder request(String path) {
    return millrace
        .gateway()
        .request(path)
        .header("Authorization", "Bearer " + token)
        .header("X-User-ID", user);
  }
}
