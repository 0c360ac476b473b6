package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskOperationsTest {

  @RegisterExtension private final GatewayFixture gateway = GatewayFixture.start();

  @ParameterizedTest
  @CsvSource({
    "cancel, in_progress, CANCEL",
    "retry, failed, RETRY",
    "pause, queued, PAUSE",
    "resume, paused, RESUME"
  })
  void aCommandToATaskGoesToItsQueue(String operation, String status, TaskAction action) {
    gateway.taskIs(status);

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
    "retry, queued",
    "pause, in_progress",
    "resume, queued",
    "approve, failed"
  })
  void aCommandThatDoesNotFitIsRefusedAndNotWritten(String operation, String status) {
    gateway.taskIs(status);

    Answer answer = gateway.postWithKey("/api/tasks/task-1/" + operation, "{}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("detail").asString()).contains(status);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).isEmpty();
  }

  @Test
  void anApprovalIsOfTheRunThatAsked() {
    gateway.rows.set(
        List.of(
            Json.object()
                .put("task_id", "task-1")
                .put("status", "paused")
                .put("queue", "claude")
                .put("run_id", "run-1")
                .put("waiting_for", "approval")));

    gateway.postWithKey("/api/tasks/task-1/approve", "");

    assertThat(command().getRunId()).isEqualTo("run-1");
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
  void aFlowThatTheRouterDoesNotHaveYetIsCancelledAsOne() {
    String flow = videoThatIsMirrored();

    Answer answer = gateway.postWithKey("/api/tasks/" + flow + "/cancel", "");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(command().getQueue()).isEqualTo("workflow");
  }

  @Test
  void aFlowIsNotPaused() {
    String flow = videoThatIsMirrored();

    Answer answer = gateway.postWithKey("/api/tasks/" + flow + "/pause", "");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("detail").asString()).contains("is a flow");
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).isEmpty();
  }

  /** A flow whose request is mirrored, and which the router has not taken up. */
  private String videoThatIsMirrored() {
    String flow =
        gateway
            .postWithKey(
                "/api/orchestrator/create-video", "{\"userId\": \"ada\", \"message\": \"A mill\"}")
            .json()
            .get("task_id")
            .asString();
    gateway.rows.set(
        List.of(
            Json.object()
                .put("task_id", flow)
                .put("status", "pending")
                .putNull("queue")
                .putNull("agent")
                .putNull("run_id")));
    return flow;
  }

  @Test
  void aCommandThatComesAgainUnderItsKeyIsAnsweredTheSameAfterItWasObeyed() {
    gateway.taskIs("failed");
    Answer first = retry("key-1", "");
    gateway.taskIs("in_progress");

    Answer again = retry("key-1", "");

    assertThat(first.status()).isEqualTo(202);
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).hasSize(1);
  }

  @Test
  void anotherCommandUnderTheKeyIsRefused() {
    gateway.taskIs("failed");
    retry("key-1", "{\"reason\": \"it was the network\"}");

    Answer other = retry("key-1", "{\"reason\": \"it was the disk\"}");

    assertThat(other.status()).isEqualTo(422);
  }

  private Answer retry(String key, String body) {
    return gateway.post(
        "/api/tasks/task-1/retry",
        body,
        "X-API-Key",
        GatewayFixture.API_KEY,
        "Idempotency-Key",
        key);
  }

  @ParameterizedTest
  @CsvSource({
    "approval, /api/tasks/task-1/approve, 202",
    "approval, /api/tasks/task-1/resume,  409",
    "approval, /api/queue/add/task-1,     409",
    ",         /api/tasks/task-1/approve, 409",
    ",         /api/tasks/task-1/resume,  202",
    ",         /api/queue/add/task-1,     200"
  })
  void whatAsksForAnApprovalIsApprovedAndWhatWasPausedIsResumed(
      @Nullable String waitingFor, String path, int status) {
    gateway.rows.set(
        List.of(
            Json.object()
                .put("task_id", "task-1")
                .put("status", "paused")
                .put("queue", "claude")
                .put("waiting_for", waitingFor)));

    Answer answer = gateway.postWithKey(path, "");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS)).hasSize(status == 409 ? 0 : 1);
  }

  private TaskCommand command() {
    return gateway.sink.values(Topics.TASK_COMMANDS).getLast();
  }
}
