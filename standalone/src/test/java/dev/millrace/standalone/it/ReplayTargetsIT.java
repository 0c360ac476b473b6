package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is replayed, by what, and where it goes. */
@ExtendWith(WithMillrace.class)
class ReplayTargetsIT {

  private static final int EVENTS = 6;

  /** Source of the events, and so their key. */
  private final String source = "it-" + UUID.randomUUID();

  @BeforeEach
  void eventsOfTwoTypes(Millrace millrace) {
    for (int i = 0; i < EVENTS; i++) {
      String type = i % 2 == 0 ? "tide_turned" : "gate_closed";
      Gateway.Answer answer = millrace.gateway().platformEvent(event(type));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
    eventually()
        .untilAsserted(() -> assertThat(ids(millrace, "platform.events", source)).hasSize(EVENTS));
  }

  @Test
  void aDryRunCountsAndShowsASampleAndWritesNothing(Millrace millrace) {
    JsonNode replay = Replays.run(millrace, request("\"dryRun\": true"));

    assertThat(replay.path("status").asText()).isEqualTo("completed");
    assertThat(replay.path("matched").asInt()).isEqualTo(EVENTS);
    assertThat(replay.path("written").asInt()).isZero();
    assertThat(replay.at("/sample/0/key").asText()).isEqualTo(source);
    assertThat(ids(millrace, "platform.events", source)).hasSize(EVENTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sql\": \"payload ->> 'event_type' = 'gate_closed'\"",
        "\"source\": \"topic\", \"maxRecords\": 3"
      })
  void recordsGoToAnotherTopicWithTheirIdentities(String condition, Millrace millrace)
      throws Exception {
    // given
    String target = "it.rehearsal-" + UUID.randomUUID();
    millrace
        .kafka()
        .admin()
        .createTopics(List.of(new NewTopic(target, 1, (short) 1)))
        .all()
        .get(30, TimeUnit.SECONDS);

    // when
    JsonNode replay =
        Replays.run(
            millrace,
            request(condition + ", \"target\": \"topic\", \"targetTopic\": \"" + target + "\""));

    // then
    assertThat(replay.path("status").asText()).as(replay.toString()).isEqualTo("completed");
    assertThat(replay.path("written").asInt()).isEqualTo(3);
    eventually()
        .untilAsserted(() ->
            assertThat(ids(millrace, target, source))
                .hasSize(3)
                .isSubsetOf(ids(millrace, "platform.events", source)));
    assertThat(
            Queries.count(
                millrace,
                "SELECT count(*) FROM audit.records WHERE topic = ?"
                    + " AND headers ->> 'millrace_replay_id' = ?",
                target,
                replay.path("replay_id").asText()))
        .isEqualTo(3);
  }

  @Test
  void recordsGoToAFileOneALine(Millrace millrace) throws Exception {
    JsonNode replay = Replays.run(millrace, request("\"target\": \"file\""));

    Path file = Evidence.directory(millrace).resolve(replay.path("file").asText());
    List<String> written = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      written.add(new ObjectMapper().readTree(line).path("event_id").asText());
    }
    assertThat(written)
        .containsExactlyInAnyOrderElementsOf(ids(millrace, "platform.events", source));
  }

  @Test
  void aReplayThatIsCancelledEndsWhereItIs(Millrace millrace) {
    // given
    String id = Replays.start(millrace, request("\"rateLimit\": 1"));
    eventually().until(() -> Replays.look(millrace, id).path("status").asText().equals("running"));

    // when
    Gateway.Answer cancelled =
        millrace
            .gateway()
            .post("/api/replays/" + id + "/cancel", "{\"reason\": \"enough\", \"by\": \"ada\"}");

    // then
    assertThat(cancelled.status()).as(cancelled.text()).isEqualTo(202);
    JsonNode replay = Replays.ended(millrace, id);
    assertThat(replay.path("status").asText()).isEqualTo("cancelled");
    assertThat(replay.path("written").asInt()).isLessThan(EVENTS);
  }

  private String event(String type) {
    return "{\"eventType\":\"%s\",\"source\":\"%s\",\"priority\":\"low\",\"data\":{}}"
        .formatted(type, source);
  }

  private String request(String more) {
    return "{\"topics\": [\"platform.events\"], \"key\": \"%s\", \"reason\": \"a rehearsal\", %s}"
        .formatted(source, more);
  }

  private static List<String> ids(Millrace millrace, String topic, String key) {
    return Queries.texts(
        millrace, "SELECT event_id FROM audit.records WHERE topic = ? AND key = ?", topic, key);
  }
}
