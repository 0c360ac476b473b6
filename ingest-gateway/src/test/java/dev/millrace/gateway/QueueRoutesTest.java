package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.read.Cursor;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class QueueRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  private static QueueSnapshot snapshot(int backlog, String... pauses) {
    return QueueSnapshot.newBuilder()
        .setQueue("claude")
        .setBacklog(backlog)
        .setRunning(1)
        .setPauses(List.of(pauses))
        .setSettings(
            Map.of(
                "paused", Boolean.toString(pauses.length > 0),
                "stop_on_failure", "true",
                "max_concurrent", "1",
                "capacity", "2"))
        .setObservedAt(Instant.parse("2026-01-01T00:00:00Z"))
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    "max_concurrent, -1, expected a whole number from 0 to 10000",
    "ageing, '', expected a value",
    "colour, blue, is not a setting of a queue"
  })
  void aSettingThatMakesNoSenseIsRefusedByItsName(String key, String value, String reason) {
    Answer answer =
        gateway.postWithKey(
            "/api/queue/settings", "{\"key\": \"%s\", \"value\": \"%s\"}".formatted(key, value));

    JsonNode error = answer.json().get("errors").get(0);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(error.get("field").asString()).isEqualTo("/" + key);
    assertThat(error.get("reason").asString()).startsWith(reason);
  }

  @Test
  void aWholeNumberMayHaveAPoint() {
    gateway.postWithKey("/api/queue/settings", "{\"queue\": \"claude\", \"max_concurrent\": 1.0}");

    TaskCommand command = gateway.sink.<TaskCommand>values(Topics.TASK_COMMANDS).getFirst();
    assertThat(command.getSettings()).isEqualTo(Map.of("max_concurrent", "1"));
  }

  @Test
  void aSettingWithTwoValuesIsRefused() {
    Answer answer =
        gateway.postWithKey(
            "/api/queue/settings", "{\"key\": \"capacity\", \"value\": 1, \"capacity\": 2}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly("/capacity");
  }

  @ParameterizedTest
  @CsvSource({"claude, 10m, 200", "claude, 2h, 400", "*, 2h, 400", "chatgpt, 10m, 400"})
  void aSettingMustFitWhatItsQueueHas(String queue, String backoff, int status) {
    gateway
        .gateway
        .tasks()
        .saw(
            QueueSnapshot.newBuilder(snapshot(0))
                .setSettings(Map.of("retry_backoff", "5m", "retry_max_backoff", "1h"))
                .build());

    Answer answer =
        gateway.postWithKey(
            "/api/queue/settings",
            "{\"queue\": \"%s\", \"retry_backoff\": \"%s\"}".formatted(queue, backoff));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).hasSize(status == 200 ? 1 : 0);
  }

  @Test
  void aSettingThatMakesNoSenseIsReplacedByOneThatDoes() {
    gateway
        .gateway
        .tasks()
        .saw(
            QueueSnapshot.newBuilder(snapshot(0))
                .setSettings(Map.of("capacity", "unlimited"))
                .build());

    Answer other =
        gateway.postWithKey(
            "/api/queue/settings", "{\"queue\": \"claude\", \"max_concurrent\": 2}");
    Answer same =
        gateway.postWithKey("/api/queue/settings", "{\"queue\": \"claude\", \"capacity\": 5}");

    assertThat(other.status()).isEqualTo(400);
    assertThat(other.fields()).containsExactly("/capacity");
    assertThat(same.status()).isEqualTo(200);
  }

  @Test
  void aQueueThatIsPausedSaysWhy() {
    gateway.gateway.tasks().saw(snapshot(0, "queue"));
    gateway.rowsOf.put(
        "public.queue_settings",
        List.of(Json.object().put("queue", "claude").put("reason", "stopped: task t-1 failed")));

    Answer queue = gateway.getWithKey("/api/queue");

    assertThat(queue.json().at("/queues/0/pause_reason").asString())
        .isEqualTo("stopped: task t-1 failed");
  }

  @Test
  void aPauseOfAnAgentNamesTheAgent() {
    Answer answer = gateway.postWithKey("/api/queue/pause", "{\"agent\": \"claude\"}");

    assertThat(answer.json().get("agent").asString()).isEqualTo("claude");
  }

  @Test
  void aFullQueueRefusesTasksAndSaysWhenToComeAgain() {
    gateway.gateway.tasks().saw(snapshot(2));

    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator", "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(gateway.sink.values(Topics.TASK_REQUESTS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unlimited", "3000000000", ""})
  void aCapacityThatIsNoneOfOursIsNoLimit(String capacity) {
    gateway
        .gateway
        .tasks()
        .saw(
            QueueSnapshot.newBuilder(snapshot(2))
                .setSettings(Map.of("capacity", capacity))
                .build());

    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator", "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(gateway.getWithKey("/api/queue").status()).isEqualTo(200);
  }

  @Test
  void whatWasAcceptedSinceTheQueueWasHeardOfCounts() {
    gateway.gateway.tasks().saw(snapshot(1, "queue"));
    String task = "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}";

    assertThat(gateway.postWithKey("/api/orchestrator", task).status()).isEqualTo(200);
    Answer refused = gateway.postWithKey("/api/orchestrator", task);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("30");
    assertThat(refused.json().get("detail").asString()).contains("paused");
  }

  @Test
  void theQueueIsShownWithItsSettings() {
    gateway.gateway.tasks().saw(snapshot(0));
    gateway.rows.set(List.of());

    Answer queue = gateway.getWithKey("/api/queue");
    Answer settings = gateway.getWithKey("/api/queue/settings");

    assertThat(queue.json().get("items").isArray()).isTrue();
    assertThat(queue.json().get("completed").isArray()).isTrue();
    for (JsonNode shown : List.of(queue.json().get("settings"), settings.json())) {
      assertThat(shown.get("paused").booleanValue()).isFalse();
      assertThat(shown.get("stop_on_failure").booleanValue()).isTrue();
      assertThat(shown.get("max_concurrent").intValue()).isEqualTo(1);
    }
    assertThat(settings.json().at("/queues/claude/capacity").intValue()).isEqualTo(2);
    assertThat(gateway.getWithKey("/api/queue?queue=nobodys").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"processing, high, 0, 2, 0", "queued, low, 1, 4, 4", "queued, '', 1, 5, 5"})
  void aPageOfTheQueueGoesOnAfterTheLastTaskOfTheOneBefore(
      String status, String priority, int turn, int rank, int waitingRank) {
    ObjectNode task =
        Json.object()
            .put("task_id", "t-1")
            .put("status", status)
            .put("priority", priority)
            .put("queued_at", "2026-01-01T00:00:00.123456+00:00")
            .putNull("position");
    gateway.rows.set(List.of(task, task));

    JsonNode first = gateway.getWithKey("/api/queue?limit=1").json();
    Answer next =
        gateway.getWithKey("/api/queue?limit=1&cursor=" + first.get("next_cursor").asString());

    assertThat(first.get("items")).hasSize(1);
    assertThat(next.status()).isEqualTo(200);
    assertThat(gateway.bound.stream().filter(one -> one.containsKey("turn")).toList().getLast())
        .isEqualTo(
            Map.of(
                "turn",
                turn,
                "rank",
                rank,
                "waitingRank",
                waitingRank,
                "at",
                "2026-01-01T00:00:00.123456Z",
                "id",
                "t-1",
                "unranked",
                5,
                "maxPlace",
                10_000,
                "rows",
                2));
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    String cursor = new Cursor(List.of("done", "high", "2026-01-01T00:00:00Z", "t-1")).text();

    assertThat(gateway.getWithKey("/api/queue?cursor=" + cursor).status()).isEqualTo(400);
  }

  @Test
  void settingsChangeByNameOrByKey() {
    Answer byName =
        gateway.postWithKey(
            "/api/queue/settings", "{\"queue\": \"claude\", \"max_concurrent\": 4}");
    TaskCommand first = command();
    Answer byKey =
        gateway.postWithKey("/api/queue/settings", "{\"key\": \"paused\", \"value\": true}");

    assertThat(byName.status()).isEqualTo(200);
    assertThat(first.getQueue()).isEqualTo("claude");
    assertThat(first.getAction()).isEqualTo(TaskAction.CHANGE_SETTINGS);
    assertThat(first.getSettings()).isEqualTo(Map.of("max_concurrent", "4"));
    assertThat(byKey.status()).isEqualTo(200);
    assertThat(command().getQueue()).isEqualTo("*");
    assertThat(command().getSettings()).isEqualTo(Map.of("paused", "true"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          {"max_concurrent": -1}                  | /max_concurrent
          {"max_concurrent": 1e30}                | /max_concurrent
          {"colour": "red"}                       | /colour
          {"key": "colour", "value": "red"}       | /colour
          {"retry_backoff": "soon"}               | /retry_backoff
          {"queue": "nobodys", "paused": true}    | /queue
          {"queue": "claude"}                     | /
          """)
  void settingsThatMakeNoSenseAreRefusedByField(String body, String field) {
    Answer answer = gateway.postWithKey("/api/queue/settings", body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.fields()).containsExactly(field);
  }

  @Test
  void aTaskIsAddedToItsQueueAndTakenOutOfIt() {
    gateway.taskIs("failed");
    gateway.postWithKey("/api/queue/add/task-1", "");
    TaskAction added = command().getAction();
    gateway.taskIs("queued");

    Answer removed =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/api/queue/task-1"))
                .header("X-API-Key", GatewayFixture.API_KEY)
                .DELETE());

    assertThat(added).isEqualTo(TaskAction.RETRY);
    assertThat(removed.status()).isEqualTo(200);
    assertThat(command().getAction()).isEqualTo(TaskAction.CANCEL);
  }

  private TaskCommand command() {
    return gateway.sink.values(Topics.TASK_COMMANDS).getLast();
  }
}
