package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topics;
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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AgentRoutesTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

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
  void anAgentThatIsSpawnedAgainUnderItsKeyIsOneOnAnyDay() {
    Answer first = spawnWithKey();
    gateway.setClockAhead(Duration.ofHours(23).plusMinutes(59));

    Answer again = spawnWithKey();

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(gateway.sink.values(Topics.TASK_REQUESTS)).hasSize(1);
  }

  private Answer spawnWithKey() {
    return gateway.post(
        "/api/agents/spawn",
        "{\"agent_type\": \"reviewer\", \"prompt\": \"Review it\"}",
        "X-API-Key",
        GatewayFixture.API_KEY,
        "Idempotency-Key",
        "key-1");
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
    gateway.taskIs(task);
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

  @Test
  void aStreamWhoseClientIsGoneWasACallLikeOthers() throws IOException, InterruptedException {
    gateway.rows.set(List.of(agent("running").put("id", 7).put("content", "x").put("sequence", 7)));
    HttpResponse<InputStream> response =
        gateway
            .http()
            .send(
                HttpRequest.newBuilder(gateway.uri("/api/agents/run-1/logs"))
                    .header("X-API-Key", GatewayFixture.API_KEY)
                    .header("Accept", "text/event-stream")
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());

    response.body().close();

    await()
        .until(() ->
            gateway.meters.find("gateway.requests").tag("route", "/api/agents/{id}/logs").timer()
                != null);
  }

  private TaskCommand command() {
    return gateway.sink.values(Topics.TASK_COMMANDS).getLast();
  }
}
