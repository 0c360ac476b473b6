package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** Replays as operators ask for them over HTTP. */
final class Replays {

  private Replays() {}

  /** Asks for one; its identity. */
  static String start(Millrace millrace, String body) {
    Gateway.Answer answer = millrace.gateway().post("/api/replays", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().path("replay_id").asText();
  }

  /** How it stands. */
  static JsonNode look(Millrace millrace, String id) {
    return millrace.gateway().get("/api/replays/" + id).json();
  }

  /** Waits for its end, whatever that is. */
  static JsonNode ended(Millrace millrace, String id) {
    eventually()
        .untilAsserted(
            () -> assertThat(look(millrace, id).path("finished_at").isTextual()).isTrue());
    return look(millrace, id);
  }

  /** Asks for one and waits for its end. */
  static JsonNode run(Millrace millrace, String body) {
    return ended(millrace, start(millrace, body));
  }
}
