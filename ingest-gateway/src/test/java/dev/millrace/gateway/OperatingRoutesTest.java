package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class OperatingRoutesTest {

  private GatewayFixture gateway;

  @BeforeEach
  void start() {
    gateway = GatewayFixture.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void taskIs(String status) {
    gateway.rows.set(
        List.of(
            Json.object()
                .put("task_id", "task-1")
                .put("status", status)
                .put("queue", "claude")
                .put("agent", "claude")
                .putNull("run_id")));
  }

  private TaskCommand command() {
    return gateway.sink.values(Topics.TASK_COMMANDS).getLast();
  }

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
    "cancel, in_progress, CANCEL",
    "retry, failed, RETRY",
    "pause, queued, PAUSE",
    "resume, paused, RESUME"
  })
  void aCommandToATaskGoesToItsQueue(String operation, String status, TaskAction action) {
    taskIs(status);

    Answer answer =
        gateway.postWithKey("/api/tasks/task-1/" + operation, "{\"reason\": \"because\"}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(command().getAction()).isEqualTo(action);
    assertThat(command().getTaskId()).isEqualTo("task-1");
    assertThat(command().getReason()).isEqualTo("because");
    assertThat(command().getRequestedBy()).isEqualTo("default");
    assertThat(gateway.sink.on(Topics.TASK_COMMANDS).getLast().key()).isEqualTo("claude");
    assertThat(answer.json().get("command_id").asString()).isEqualTo(command().getCommandId());
  }

  @ParameterizedTest
  @CsvSource({
    "cancel, completed",
    "retry, completed",
    "pause, in_progress",
    "resume, queued",
    "approve, failed"
  })
  void aCommandThatDoesNotFitIsRefusedAndNotWritten(String operation, String status) {
    taskIs(status);

    Answer answer = gateway.postWithKey("/api/tasks/task-1/" + operation, "{}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("detail").asString()).contains(status);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).isEmpty();
  }

  @Test
  void aCommandToNobodysTaskIsNotFound() {
    assertThat(gateway.postWithKey("/api/tasks/nobodys/cancel", "").status()).isEqualTo(404);
  }

  @Test
  void aTaskAcceptedAMomentAgoCanBeCancelled() {
    String task =
        gateway
            .postWithKey(
                "/api/orchestrator",
                "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}")
            .json()
            .get("task_id")
            .asString();

    Answer answer = gateway.postWithKey("/api/tasks/" + task + "/cancel", "");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(command().getQueue()).isEqualTo("claude");
  }

  @Test
  void aCommandWithTheSameIdempotencyKeyIsTheSameCommand() {
    taskIs("failed");
    for (int i = 0; i < 2; i++) {
      gateway.post(
          "/api/tasks/task-1/retry",
          "",
          "X-API-Key",
          GatewayFixture.API_KEY,
          "Idempotency-Key",
          "once");
    }

    assertThat(gateway.sink.values(Topics.TASK_COMMANDS))
        .extracting(TaskCommand::getCommandId)
        .hasSize(2)
        .containsOnly(command().getCommandId());
  }

  @Test
  void aFullQueueRefusesTasksAndSaysWhenToComeAgain() {
    gateway.gateway.saw(snapshot(2));

    Answer answer =
        gateway.postWithKey(
            "/api/orchestrator", "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}");

    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("Retry-After")).isEqualTo("1");
    assertThat(gateway.sink.values(Topics.TASK_REQUESTS)).isEmpty();
  }

  @Test
  void whatWasAcceptedSinceTheQueueWasHeardOfCounts() {
    gateway.gateway.saw(snapshot(1, "queue"));
    String task = "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}";

    assertThat(gateway.postWithKey("/api/orchestrator", task).status()).isEqualTo(200);
    Answer refused = gateway.postWithKey("/api/orchestrator", task);

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("30");
    assertThat(refused.json().get("detail").asString()).contains("paused");
  }

  @Test
  void theQueueIsShownWithItsSettings() {
    gateway.gateway.saw(snapshot(0));
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

  @Test
  void aPageOfTheQueueGoesOnWhereTheLastEndedWhateverThePositions() {
    gateway.rows.set(
        List.of(
            Json.object().put("task_id", "runs").putNull("position"),
            Json.object().put("task_id", "waits").put("position", 1)));

    JsonNode first = gateway.getWithKey("/api/queue?limit=1").json();
    Answer next =
        gateway.getWithKey("/api/queue?limit=1&cursor=" + first.get("next_cursor").asString());

    assertThat(first.get("items")).hasSize(1);
    assertThat(first.at("/items/0/position").isNull()).isTrue();
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.json().get("next_cursor")).isNotEqualTo(first.get("next_cursor"));
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
    taskIs("failed");
    gateway.postWithKey("/api/queue/add/task-1", "");
    TaskAction added = command().getAction();
    taskIs("queued");

    Answer removed =
        gateway.send(
            HttpRequest.newBuilder(gateway.uri("/api/queue/task-1"))
                .header("X-API-Key", GatewayFixture.API_KEY)
                .DELETE());

    assertThat(added).isEqualTo(TaskAction.RETRY);
    assertThat(removed.status()).isEqualTo(200);
    assertThat(command().getAction()).isEqualTo(TaskAction.CANCEL);
  }

  @ParameterizedTest
  @CsvSource({
    "task_approval_requested, /api/tasks/task-1/approve, 202",
    "task_approval_requested, /api/tasks/task-1/resume,  409",
    "task_approval_requested, /api/queue/add/task-1,     409",
    "task_paused,             /api/tasks/task-1/approve, 409",
    "task_paused,             /api/tasks/task-1/resume,  202",
    "task_paused,             /api/queue/add/task-1,     200"
  })
  void whatAsksForAnApprovalIsApprovedAndWhatWasPausedIsResumed(
      String step, String path, int status) {
    taskIs("paused");
    gateway.rowsOf.put(
        "public.ai_events",
        List.of(Json.object().put("task_id", "task-1").put("event_type", step)));

    Answer answer = gateway.postWithKey(path, "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).hasSize(status == 409 ? 0 : 1);
  }

  @Test
  void anAgentIsStartedAsATaskOfItsOwn() {
    Answer answer =
        gateway.postWithKey(
            "/api/agents/spawn",
            """
            {"agent_type": "reviewer", "prompt": "Review it", "repository": "acme/docs"}
            """);

    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("task_id").asString()).isEqualTo(request.getTaskId());
    assertThat(request.getTaskType()).isEqualTo("review");
    assertThat(request.getAttributes()).containsEntry("role", "reviewer");
  }

  @Test
  void onlyAnAgentThatRunsCanBeKilled() {
    gateway.rows.set(List.of(agent("running")));
    Answer killed = gateway.postWithKey("/api/agents/run-1/kill", "");
    gateway.rows.set(List.of(agent("completed")));
    Answer refused = gateway.postWithKey("/api/agents/run-1/kill", "");

    assertThat(killed.status()).isEqualTo(202);
    assertThat(refused.status()).isEqualTo(409);
    AgentCommand command = gateway.sink.values(Topics.AGENT_COMMANDS).getFirst();
    assertThat(command.getAction()).isEqualTo(AgentAction.KILL);
    assertThat(command.getRunId()).isEqualTo("run-1");
  }

  @Test
  void anAgentIsKnownBeforeItIsDispatched() {
    JsonNode spawned = spawn("{\"agent_type\": \"reviewer\", \"prompt\": \"Review it\"}");
    String path = "/api/agents/" + spawned.get("agent_id").asString();

    Answer agent = gateway.getWithKey(path);
    Answer logs = gateway.getWithKey(path + "/logs");

    assertThat(agent.status()).isEqualTo(200);
    assertThat(agent.json().get("status").asString()).isEqualTo("starting");
    assertThat(agent.json().get("agent_type").asString()).isEqualTo("reviewer");
    assertThat(agent.json().get("task_id")).isEqualTo(spawned.get("task_id"));
    assertThat(agent.json().get("started_at").isNull()).isTrue();
    assertThat(agent.json().at("/metadata/api_calls").intValue()).isZero();
    assertThat(agent.json().get("logs").asString()).isEmpty();
    assertThat(logs.json().get("logs").isEmpty()).isTrue();
    assertThat(gateway.getWithKey("/api/agents/nobodys").status()).isEqualTo(404);
  }

  @Test
  void toKillAnAgentThatIsNotDispatchedCancelsItsTask() {
    JsonNode spawned = spawn("{\"agent_type\": \"claude\", \"prompt\": \"Write it\"}");

    Answer killed =
        gateway.postWithKey(
            "/api/agents/" + spawned.get("agent_id").asString() + "/kill",
            "{\"reason\": \"not needed\"}");

    assertThat(killed.status()).isEqualTo(202);
    assertThat(command().getAction()).isEqualTo(TaskAction.CANCEL);
    assertThat(command().getTaskId()).isEqualTo(spawned.get("task_id").asString());
    assertThat(command().getReason()).isEqualTo("not needed");
    assertThat(gateway.sink.values(Topics.AGENT_COMMANDS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "failed, queued, 202",
    "timeout, queued, 202",
    "failed, failed, 202",
    "killed, cancelled, 202",
    "running, in_progress, 409",
    "completed, completed, 409",
    "starting, queued, 409"
  })
  void anAgentIsTriedAgainOnceItFailed(String agent, String task, int status) {
    taskIs(task);
    gateway.rowsOf.put("public.agents", List.of(agent(agent)));

    Answer answer = gateway.postWithKey("/api/agents/run-1/retry", "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS))
        .extracting(TaskCommand::getAction)
        .isEqualTo(status == 202 ? List.of(TaskAction.RETRY) : List.of());
  }

  private JsonNode spawn(String body) {
    return gateway.postWithKey("/api/agents/spawn", body).json();
  }

  private static ObjectNode agent(String status) {
    return Json.object().put("id", "run-1").put("task_id", "task-1").put("status", status);
  }

  @Test
  void anEventIsCreatedAndMarked() {
    Answer created =
        gateway.postWithKey(
            "/api/events", "{\"eventType\": \"deploy.requested\", \"source\": \"desk\"}");
    gateway.rows.set(
        List.of(
            Json.object()
                .put("event_id", created.json().get("event_id").asString())
                .put("processed", false)));

    Answer marked = gateway.postWithKey("/api/events/1/processed", "");

    assertThat(created.status()).isEqualTo(201);
    assertThat(marked.json().get("processed").booleanValue()).isTrue();
    assertThat(gateway.sink.values(Topics.PLATFORM_EVENTS))
        .extracting(PlatformEvent::getEventType)
        .containsExactly("deploy.requested", "event_processed");
  }

  @Test
  void anEventCreatedAMomentAgoIsWaitedForUntilItIsMirrored() {
    gateway.sink.react(written -> {
      if (written.value() instanceof PlatformEvent event) {
        List<ObjectNode> mirrored =
            List.of(Json.object().put("event_id", event.getEventId()).put("processed", false));
        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS)
            .execute(() -> gateway.rows.set(mirrored));
      }
    });
    String id =
        gateway
            .postWithKey(
                "/api/events", "{\"eventType\": \"deploy.requested\", \"source\": \"desk\"}")
            .json()
            .get("event_id")
            .asString();

    Answer found = gateway.getWithKey("/api/events/" + id);

    assertThat(found.status()).isEqualTo(200);
    assertThat(gateway.postWithKey("/api/events/" + id + "/processed", "").status()).isEqualTo(200);
  }

  @Test
  void anEventThatWasNotCreatedHereIsNotWaitedFor() {
    long start = System.nanoTime();

    Answer answer = gateway.postWithKey("/api/events/nobodys/processed", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void logsStreamFromWhereTheClientLeftOffToTheEnd() throws IOException, InterruptedException {
    gateway.rows.set(
        List.of(agent("completed").put("id", 7).put("content", "hello").put("sequence", 7)));
    HttpResponse<InputStream> response =
        gateway
            .http()
            .send(
                HttpRequest.newBuilder(gateway.uri("/api/agents/run-1/logs"))
                    .header("X-API-Key", GatewayFixture.API_KEY)
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", "6")
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());

    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo(": still here");
      assertThat(lines.readLine()).isEmpty();
      assertThat(lines.readLine()).isEqualTo("id: 7");
      assertThat(lines.readLine()).isEqualTo("event: log");
      assertThat(lines.readLine()).contains("\"content\":\"hello\"");
      assertThat(lines.readLine()).isEmpty();
      gateway.rows.set(List.of());
    }
  }
}
