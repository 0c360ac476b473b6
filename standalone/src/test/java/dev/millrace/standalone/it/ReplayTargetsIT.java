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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    // given a topic that is not there
    String target = "it.rehearsal-" + UUID.randomUUID();

    // when
    JsonNode replay =
        Replays.run(millrace, request(condition + ", \"createTopic\": true, " + toTopic(target)));

    // then
    assertThat(replay.path("status").asText()).as(replay.toString()).isEqualTo("completed");
    assertThat(replay.path("written").asInt()).isEqualTo(3);
    assertThat(partitions(millrace, target)).isEqualTo(partitions(millrace, "platform.events"));
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

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"dryRun\": true"})
  void aTopicThatIsNotThereIsRefused(String more, Millrace millrace) throws Exception {
    // given
    String misspelt = "it.misspelt-" + UUID.randomUUID();

    // when
    JsonNode replay = Replays.run(millrace, request(toTopic(misspelt) + more));

    // then
    assertThat(replay.path("status").asText()).isEqualTo("failed");
    assertThat(replay.path("error").asText())
        .startsWith("targetTopic: Kafka has no topic " + misspelt);
    assertThat(millrace.kafka().admin().listTopics().names().get(30, TimeUnit.SECONDS))
        .doesNotContain(misspelt);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false) OR (topic = 'platform.events'",
        "true /*",
        "true GROUP BY topic",
        "nope = 1",
        "topic"
      })
  void whatIsNotOneConditionIsRefused(String sql, Millrace millrace) {
    JsonNode replay = Replays.run(millrace, request("\"dryRun\": true, \"sql\": \"" + sql + "\""));

    assertThat(replay.path("status").asText()).isEqualTo("failed");
    assertThat(replay.path("error").asText())
        .startsWith("sql: expected one condition on audit.records")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set_config('role', 'none', true) IS NOT NULL | cannot set parameter",
        "query_to_xml('SELECT rolpassword FROM pg_authid', true, false, '') IS NULL | denied",
        "pg_advisory_lock(1) IS NULL | permission denied for function pg_advisory_lock",
        "key::int = 1 | Postgres refused it: invalid input syntax for type integer (SQLSTATE 22P02)"
      })
  void aConditionHasTheRightsOfAnalystsAndTellsNoData(String sql, String error, Millrace millrace) {
    JsonNode replay = Replays.run(millrace, request("\"dryRun\": true, \"sql\": \"" + sql + "\""));

    assertThat(replay.path("status").asText()).isEqualTo("failed");
    assertThat(replay.path("error").asText()).contains(error).doesNotContain(source);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"topics\": [\"it.nowhere\"] | topics: the mirror has no topic it.nowhere",
        "\"topics\": [\"task.events\"], \"partition\": 4711 | partition: none of the topics",
        "\"source\": \"topic\", \"topics\": [\"task.events\"], \"partition\": 4711 |"
            + " partition: none of the topics",
        "\"source\": \"topic\", \"topics\": [\"it.nowhere\"] | topics: Kafka has no topic"
      })
  void whatCannotBeFoundIsSaid(String selection, String error, Millrace millrace) {
    JsonNode replay = Replays.run(millrace, "{\"reason\": \"a rehearsal\", " + selection + "}");

    assertThat(replay.path("status").asText()).isEqualTo("failed");
    assertThat(replay.path("error").asText()).startsWith(error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"fromOffset\": 5, \"toOffset\": 4",
        "\"from\": \"2026-01-02T00:00:00Z\", \"to\": \"2026-01-01T00:00:00Z\""
      })
  void aRangeThatEndsBeforeItBeginsIsRefusedAtOnce(String range, Millrace millrace) {
    Gateway.Answer answer = millrace.gateway().post("/api/replays", request(range));

    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
  }

  @Test
  void aQueryThatRunsIsCancelledWithItsReplay(Millrace millrace) {
    // given
    String id = Replays.start(millrace, request("\"sql\": \"pg_sleep(120) IS NOT NULL\""));
    eventually().until(() -> sleeping(millrace) > 0);

    // when
    Gateway.Answer cancelled =
        millrace
            .gateway()
            .post("/api/replays/" + id + "/cancel", "{\"reason\": \"enough\", \"by\": \"ada\"}");

    // then
    assertThat(cancelled.status()).as(cancelled.text()).isEqualTo(202);
    eventually().until(() -> sleeping(millrace) == 0);
    assertThat(Replays.ended(millrace, id).path("status").asText()).isEqualTo("cancelled");
    assertThat(Replays.run(millrace, request("\"dryRun\": true")).path("matched").asInt())
        .as("the next replay does not wait")
        .isEqualTo(EVENTS);
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

  private static String toTopic(String topic) {
    return "\"target\": \"topic\", \"targetTopic\": \"%s\"".formatted(topic);
  }

  private static long sleeping(Millrace millrace) {
    return millrace
        .owner()
        .withHandle(handle ->
            handle
                .createQuery("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                .mapTo(Long.class)
                .one());
  }

  private static int partitions(Millrace millrace, String topic) throws Exception {
    return millrace
        .kafka()
        .admin()
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get(30, TimeUnit.SECONDS)
        .values()
        .iterator()
        .next()
        .partitions()
        .size();
  }

  private static List<String> ids(Millrace millrace, String topic, String key) {
    return Queries.texts(
        millrace, "SELECT event_id FROM audit.records WHERE topic = ? AND key = ?", topic, key);
  }
}
