package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.task.QueueSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Tasks that are processed on demand. */
class NextTaskTest {

  private static final String ROUTE = "/functions/v1/processClaudeTask";

  @RegisterExtension
  private final GatewayFixture gateway =
      GatewayFixture.start(Map.of("GATEWAY_TASK_TIMEOUT", "300ms"));

  private void nextIs(String status, String reason) {
    ObjectNode task =
        Json.object()
            .put("task_id", "t-1")
            .put("status", status)
            .put("queue", "claude")
            .put("agent", "claude")
            .put("reason", reason);
    task.putObject("result")
        .put("commit_sha", "abc123")
        .put("github_url", "https://github.example/acme/docs/commit/abc123");
    gateway.rows.set(List.of(task));
  }

  @Test
  void theCommitOfATaskThatCompletedIsTold() {
    nextIs("completed", "done");

    Answer answer = gateway.postWithKey(ROUTE, "{}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json())
        .hasToString(
            "{\"success\":true,\"taskId\":\"t-1\",\"commit_sha\":\"abc123\","
                + "\"github_url\":\"https://github.example/acme/docs/commit/abc123\"}");
  }

  @Test
  void aTaskThatGoesOnIsSaidSo() {
    nextIs("in_progress", "started");

    Answer answer = gateway.postWithKey(ROUTE, "");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("status").asString()).isEqualTo("in_progress");
    assertThat(answer.json().get("status_url").asString()).isEqualTo("/api/tasks/t-1");
  }

  @Test
  void aTaskThatFailedSaysWhy() {
    nextIs("failed", "Claude API error: 401: invalid key");

    Answer answer = gateway.postWithKey(ROUTE, "{\"taskId\":\"t-1\"}");

    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.json().get("detail").asString()).contains("t-1", "Claude API error: 401");
  }

  @Test
  void inAPausedQueueNothingIsWaitedFor() {
    nextIs("queued", "waits");
    gateway
        .gateway
        .tasks()
        .saw(
            QueueSnapshot.newBuilder()
                .setQueue("claude")
                .setBacklog(1)
                .setRunning(0)
                .setPauses(List.of("queue"))
                .setSettings(Map.of())
                .setObservedAt(Instant.parse("2026-01-01T00:00:00Z"))
                .build());

    Answer answer = gateway.postWithKey(ROUTE, "{}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("detail").asString()).contains("queue claude is paused");
  }

  @Test
  void aTaskAcceptedAMomentAgoIsWaitedFor() {
    String task =
        gateway
            .postWithKey(
                "/api/orchestrator",
                "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}")
            .json()
            .get("task_id")
            .asString();

    Answer answer = gateway.postWithKey(ROUTE, "{\"taskId\":\"%s\"}".formatted(task));

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("status").asString()).isEqualTo("pending");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}"})
  void aTaskAcceptedAMomentAgoIsNextBeforeTheReadModelHasIt(String body) {
    String accepted =
        gateway
            .postWithKey(
                "/api/orchestrator",
                "{\"taskType\": \"code\", \"payload\": {\"description\": \"x\"}}")
            .json()
            .get("task_id")
            .asString();

    Answer answer = gateway.postWithKey(ROUTE, body);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("taskId").asString()).isEqualTo(accepted);
  }

  @Test
  void withoutAPendingTaskThereIsNone() {
    assertThat(gateway.postWithKey(ROUTE, "{}").status()).isEqualTo(404);
    assertThat(gateway.postWithKey(ROUTE, "{\"taskId\":\"nobodys\"}").status()).isEqualTo(404);
    assertThat(gateway.postWithKey(ROUTE, "{\"task\":\"t-1\"}").status()).isEqualTo(400);
  }
}
