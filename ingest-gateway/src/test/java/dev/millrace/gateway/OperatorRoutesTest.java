package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetterAction;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import dev.millrace.schemas.replay.ReplayAction;
import dev.millrace.schemas.replay.ReplayCommand;
import dev.millrace.schemas.replay.ReplayRequest;
import dev.millrace.schemas.replay.ReplaySource;
import dev.millrace.schemas.replay.ReplayTarget;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class OperatorRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @Test
  void aReplayIsACommandThatSaysWhoAndWhy() {
    GatewayFixture.Answer answer =
        gateway.postWithKey(
            "/api/replays",
            """
            {"topics": ["task.requests"], "from": "2026-01-23T00:00:00Z", "rateLimit": 50,
             "effects": ["commits"], "reason": "after the outage", "by": "ada"}
            """);

    assertThat(answer.status()).isEqualTo(202);
    ReplayCommand command = gateway.sink.values(Topics.REPLAY_COMMANDS).getFirst();
    assertThat(command.getReplayId()).isEqualTo(answer.json().get("replay_id").asString());
    assertThat(command.getAction()).isEqualTo(ReplayAction.START);
    assertThat(command.getRequestedBy()).isEqualTo("default/ada");
    assertThat(command.getReason()).isEqualTo("after the outage");
    assertThat(command.getRequest().getSource()).isEqualTo(ReplaySource.MIRROR);
    assertThat(command.getRequest().getTarget()).isEqualTo(ReplayTarget.SAME_TOPIC);
    assertThat(command.getRequest().getRecordsPerSecond()).isEqualTo(50);
    assertThat(command.getRequest().getEffects()).containsExactly("commits");
  }

  @Test
  void aDryRunWritesNowhere() {
    gateway.postWithKey(
        "/api/replays",
        """
        {"key": "t-1", "target": "file", "dryRun": true, "reason": "to see"}
        """);

    ReplayRequest request = gateway.sink.values(Topics.REPLAY_COMMANDS).getFirst().getRequest();
    assertThat(request.getTarget()).isEqualTo(ReplayTarget.NOWHERE);
    assertThat(request.getRehearsedTarget()).isEqualTo(ReplayTarget.FILE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"topics": ["a"]}                                                     | /reason
          {"reason": "x"}                                                       | /topics
          {"reason": "x", "source": "topic", "key": "k"}                        | /topics
          {"reason": "x", "source": "topic", "topics": ["a"], "sql": "true"}    | /sql
          {"reason": "x", "sql": "true; DROP TABLE audit.records"}              | /sql
          {"reason": "x", "topics": ["a"], "target": "topic"}                   | /targetTopic
          {"reason": "x", "topics": ["a"], "targetTopic": "b"}                  | /targetTopic
          {"reason": "x", "topics": ["a"], "createTopic": true}                 | /createTopic
          {"reason": "x", "topics": ["a"], "target": "topic", "targetTopic": "audit.checkpoints"} | /targetTopic
          {"reason": "x", "topics": ["a"], "effects": ["everything"]}           | /effects/0
          {"reason": "x", "topics": ["a"], "from": "yesterday"}                 | /from
          {"reason": "x", "topics": ["a"], "from": "+999999999-01-01T00:00:00Z"} | /from
          {"reason": "x", "topics": ["a"], "to": "-999999-01-01T00:00:00Z"}     | /to
          """)
  void aReplayThatMakesNoSenseIsRefused(String body, String field) {
    GatewayFixture.Answer answer = gateway.postWithKey("/api/replays", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).contains(field);
    assertThat(gateway.sink.values(Topics.REPLAY_COMMANDS)).isEmpty();
  }

  @Test
  void onlyARunningReplayIsCancelled() {
    gateway.rows.set(List.of(Json.object().put("replay_id", "r-1").put("status", "running")));
    assertThat(gateway.postWithKey("/api/replays/r-1/cancel", "{\"reason\": \"x\"}").status())
        .isEqualTo(202);
    gateway.rows.set(List.of(Json.object().put("replay_id", "r-1").put("status", "completed")));
    assertThat(gateway.postWithKey("/api/replays/r-1/cancel", "{\"reason\": \"x\"}").status())
        .isEqualTo(409);

    assertThat(gateway.sink.values(Topics.REPLAY_COMMANDS))
        .extracting(ReplayCommand::getAction)
        .containsExactly(ReplayAction.CANCEL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/dead-letters?since=yesterday",
        "/api/dead-letters?since=%2B999999999-01-01T00:00:00Z",
        "/api/dead-letters?until=-0001-01-01T00:00:00Z&since=10000-01-01T00:00:00Z",
        "/api/events?since=%2B999999999-01-01T00:00:00Z"
      })
  void aTimeThatNoStoreHoldsIsRefused(String path) {
    GatewayFixture.Answer answer = gateway.getWithKey(path);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).contains("since");
  }

  @Test
  void operatorsOnlyMayReplay() {
    assertThat(gateway.post("/api/replays", "{}").status()).isEqualTo(401);
    assertThat(
            gateway
                .post("/api/replays", "{}", "Authorization", GatewayFixture.bearer("learner"))
                .status())
        .isEqualTo(403);
  }

  @Test
  void aDeadLetterIsShownWithItsValue() {
    ObjectNode letter = letter("open");
    letter.put("value", Base64.getEncoder().encodeToString("{\"a\":1}".getBytes(UTF_8)));
    letter
        .putObject("headers")
        .put("ce_id", Base64.getEncoder().encodeToString("e".getBytes(UTF_8)));
    gateway.rows.set(List.of(letter));

    GatewayFixture.Answer answer = gateway.getWithKey("/api/dead-letters/2-17");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().at("/value/a").asInt()).isEqualTo(1);
    assertThat(answer.json().at("/headers/ce_id").asString()).isEqualTo("e");
  }

  @Test
  void aCorrectedLetterGoesBackWithItsNewValue() {
    gateway.rows.set(List.of(letter("open")));

    GatewayFixture.Answer answer =
        gateway.postWithKey(
            "/api/dead-letters/2-17/send-back",
            "{\"reason\": \"misspelled\", \"by\": \"ada\", \"value\": {\"a\": 2}}");

    assertThat(answer.status()).isEqualTo(202);
    DeadLetterDecision decision = gateway.sink.values(Topics.DEAD_LETTER_DECISIONS).getFirst();
    assertThat(decision.getLetterId()).isEqualTo("2-17");
    assertThat(decision.getAction()).isEqualTo(DeadLetterAction.SEND_BACK);
    assertThat(UTF_8.decode(decision.getValue()).toString()).isEqualTo("{\"a\":2}");
    assertThat(decision.getDecidedBy()).isEqualTo("default/ada");
  }

  @Test
  void aValueThatFitsNoSchemaIsRefused() {
    gateway.rows.set(List.of(letter("open")));

    GatewayFixture.Answer answer =
        gateway.postWithKey(
            "/api/dead-letters/2-17/send-back", "{\"reason\": \"x\", \"value\": {\"bad\": 2}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/value/bad");
    assertThat(gateway.sink.values(Topics.DEAD_LETTER_DECISIONS)).isEmpty();
  }

  @Test
  void aLetterWithoutItsRecordGoesBackAsTheMirrorHasIt() {
    gateway.rows.set(List.of(letter("open").put("missing", "record").put("has_original", true)));

    GatewayFixture.Answer answer =
        gateway.postWithKey("/api/dead-letters/2-17/send-back", "{\"reason\": \"x\"}");

    assertThat(answer.status()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          record | {"reason": "x"}
          record | {"reason": "x", "value": {"a": 2}}
          value  | {"reason": "x"}
          """)
  void aLetterWhoseRecordIsNowhereStaysOpen(String missing, String body) {
    gateway.rows.set(List.of(letter("open").put("missing", missing).put("has_original", false)));

    GatewayFixture.Answer answer = gateway.postWithKey("/api/dead-letters/2-17/send-back", body);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("detail").asString())
        .contains("task.requests, partition 3, offset 8");
    assertThat(gateway.sink.values(Topics.DEAD_LETTER_DECISIONS)).isEmpty();
  }

  @Test
  void aRedactedValueThatIsCorrectedGoesBack() {
    gateway.rows.set(List.of(letter("open").put("missing", "value").put("has_original", false)));

    GatewayFixture.Answer answer =
        gateway.postWithKey(
            "/api/dead-letters/2-17/send-back", "{\"reason\": \"x\", \"value\": {\"a\": 2}}");

    assertThat(answer.status()).isEqualTo(202);
  }

  @Test
  void aFilterSaysWhichLettersStayOpen() {
    gateway.rows.set(
        List.of(letter("open"), letter("open").put("id", "3-4").put("missing", "record")));

    GatewayFixture.Answer answer =
        gateway.postWithKey(
            "/api/dead-letters/send-back", "{\"reason\": \"x\", \"filter\": {\"app\": \"a\"}}");

    assertThat(answer.json().at("/refused/0/id").asString()).isEqualTo("3-4");
    assertThat(gateway.sink.values(Topics.DEAD_LETTER_DECISIONS))
        .extracting(DeadLetterDecision::getLetterId)
        .containsExactly("2-17");
  }

  @Test
  void aLetterIsDecidedAboutOnce() {
    gateway.rows.set(List.of(letter("discarded")));

    assertThat(
            gateway.postWithKey("/api/dead-letters/2-17/send-back", "{\"reason\": \"x\"}").status())
        .isEqualTo(409);
  }

  @Test
  void aLetterIsDecidedAboutOnceAlsoBeforeTheReadModelKnows() {
    gateway.rows.set(List.of(letter("open")));
    String path = "/api/dead-letters/2-17/";
    gateway.postWithKey(path + "send-back", "{\"reason\": \"x\"}");

    GatewayFixture.Answer second = gateway.postWithKey(path + "discard", "{\"reason\": \"x\"}");
    GatewayFixture.Answer byFilter =
        gateway.postWithKey(
            "/api/dead-letters/discard", "{\"reason\": \"x\", \"filter\": {\"app\": \"a\"}}");

    assertThat(second.status()).isEqualTo(409);
    assertThat(second.json().get("detail").asString())
        .isEqualTo("the dead letter is sent back already");
    assertThat(byFilter.json().get("decided").asInt()).isZero();
    assertThat(gateway.sink.values(Topics.DEAD_LETTER_DECISIONS)).hasSize(1);
  }

  @Test
  void aDecisionThatDidNotGetOnRecordCanBeMadeAgain() {
    gateway.rows.set(List.of(letter("open")));
    String path = "/api/dead-letters/2-17/discard";
    gateway.sink.fail(new IllegalStateException("Kafka is away"));
    GatewayFixture.Answer first = gateway.postWithKey(path, "{\"reason\": \"x\"}");
    gateway.sink.fail(null);

    GatewayFixture.Answer second = gateway.postWithKey(path, "{\"reason\": \"x\"}");

    assertThat(first.status()).isEqualTo(500);
    assertThat(second.status()).isEqualTo(202);
  }

  @Test
  void aFilterDecidesAboutEachLetterItFinds() {
    gateway.rows.set(List.of(letter("open"), letter("open").put("id", "3-4")));

    GatewayFixture.Answer answer =
        gateway.postWithKey(
            "/api/dead-letters/discard", "{\"reason\": \"x\", \"filter\": {\"app\": \"a\"}}");

    assertThat(answer.json().get("decided").asInt()).isEqualTo(2);
    assertThat(gateway.sink.values(Topics.DEAD_LETTER_DECISIONS))
        .extracting(DeadLetterDecision::getLetterId)
        .containsExactly("2-17", "3-4");
  }

  @Test
  void aFilterWithoutConditionsIsRefused() {
    assertThat(
            gateway
                .postWithKey("/api/dead-letters/discard", "{\"reason\": \"x\", \"filter\": {}}")
                .fields())
        .containsExactly("/filter");
  }

  private static ObjectNode letter(String status) {
    return Json.object()
        .put("id", "2-17")
        .put("status", status)
        .put("topic", "task.requests")
        .put("partition", 3)
        .put("offset", 8)
        .put("failed_at", "2026-01-23T10:00:00Z");
  }
}
