package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.worker.ClaudeWorkerApp;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class OperatingTasksIT {

  private static final String TASK =
      """
      {"taskType":"support","payload":{"description":"Nothing"},"attributes":{"noop":"true"}}
      """;

  @Test
  void aQueueIsPausedFilledEmptiedAndResumed(Millrace millrace) {
    // given
    settings(millrace, "{\"queue\":\"javari\",\"paused\":true,\"capacity\":2}");
    eventually()
        .until(() ->
            millrace
                .gateway()
                .get("/api/queue/settings?queue=javari")
                .json()
                .path("paused")
                .asBoolean());

    // when
    String cancelled = accepted(millrace);
    String kept = accepted(millrace);
    awaitPosition(millrace, cancelled, 1);
    awaitPosition(millrace, kept, 2);
    Gateway.Answer refused = millrace.gateway().post("/api/orchestrator", TASK);
    assertThat(millrace.gateway().post("/api/tasks/" + cancelled + "/cancel", "{}").status())
        .isEqualTo(202);
    awaitStatus(millrace, cancelled, "cancelled");
    awaitPosition(millrace, kept, 1);
    millrace.gateway().post("/api/queue/resume", "{\"queue\":\"javari\"}");

    // then
    assertThat(refused.status()).isEqualTo(429);
    awaitStatus(millrace, kept, "completed");
    settings(millrace, "{\"queue\":\"javari\",\"capacity\":100000}");
  }

  @Test
  void aRunBeyondItsBudgetStopsAndGoesOnWhenItIsApproved(Millrace millrace) throws Exception {
    // given
    try (ScriptedModel model = new ScriptedModel(2);
        AppBeside _ = AppBeside.inPlaceOf(millrace, new ClaudeWorkerApp(), asking(model))) {
      String task = accepted(millrace, summaryOf(Millrace.DOCUMENTS_REPOSITORY));
      awaitStatus(millrace, task, "paused");
      assertThat(task(millrace, task).path("reason").asText()).contains("200 of 150 tokens");
      assertThat(model.calls()).isEqualTo(2);
      assertThat(waitingForApproval(millrace)).contains(task);
      spendLongAgo(millrace, "task-of-last-year");

      // when
      Gateway.Answer approved = millrace.gateway().post("/api/tasks/" + task + "/approve", "{}");

      // then
      assertThat(approved.status()).as(approved.text()).isEqualTo(202);
      awaitStatus(millrace, task, "completed");
      assertThat(waitingForApproval(millrace)).doesNotContain(task);
      assertThat(spentOn(millrace, task)).isPositive();
      assertThat(spentOn(millrace, "task-of-last-year")).isZero();
    }
  }

  private static void spendLongAgo(Millrace millrace, String task) {
    millrace
        .owner()
        .useHandle(handle ->
            handle.execute(
                """
                insert into agent_work.spending (task_id, run_id, microdollars, tokens, spent_at)
                values (?, 'r', 1, 1, now() - interval '1 year')
                """,
                task));
  }

  private static long spentOn(Millrace millrace, String task) {
    return millrace
        .owner()
        .withHandle(handle ->
            handle
                .select("select count(*) from agent_work.spending where task_id = ?", task)
                .mapTo(Long.class)
                .one());
  }

  @Test
  void aListShortensLongTextsAndTheTaskHasThemWhole(Millrace millrace) {
    // given
    String text = "Grind it fine. ".repeat(4_000);
    String task =
        accepted(
            millrace,
            """
            {"taskType":"support","payload":{"description":"%s"},"attributes":{"noop":"true"}}
            """
                .formatted(text));
    awaitStatus(millrace, task, "completed");

    // when
    JsonNode listed = listed(millrace, task);

    // then
    assertThat(listed.path("description").asText()).hasSize(2_048);
    assertThat(listed.path("shortened").toString()).isEqualTo("[\"description\"]");
    assertThat(task(millrace, task).path("description").asText()).isEqualTo(text);
  }

  private static JsonNode listed(Millrace millrace, String task) {
    for (JsonNode each : millrace.gateway().get("/api/tasks?limit=500").json().path("tasks")) {
      if (each.path("task_id").asText().equals(task)) {
        return each;
      }
    }
    throw new AssertionError("task " + task + " is not listed");
  }

  private static List<String> waitingForApproval(Millrace millrace) {
    return millrace
        .gateway()
        .get("/api/tasks?waitingFor=approval")
        .json()
        .findValuesAsText("task_id");
  }

  private static Map<String, String> asking(ScriptedModel model) {
    return Map.of(
        "WORKER_AGENTS", "chatgpt",
        "AGENT_PROVIDERS", "chatgpt=anthropic",
        "ANTHROPIC_API_KEY", "not-a-real-key",
        "ANTHROPIC_BASE_URL", model.url(),
        "AGENT_BUDGET_TASK_TOKENS", "150");
  }

  private static String summaryOf(String repository) {
    return """
    {"taskType":"summary","payload":{"description":"Sum it up",
     "context":{"repository":"%s"}}}
    """
        .formatted(repository);
  }

  private static void settings(Millrace millrace, String body) {
    Gateway.Answer answer = millrace.gateway().post("/api/queue/settings", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static String accepted(Millrace millrace) {
    return accepted(millrace, TASK);
  }

  private static String accepted(Millrace millrace, String body) {
    return millrace.gateway().accepted(body);
  }

  private static void awaitPosition(Millrace millrace, String task, int position) {
    eventually()
        .untilAsserted(
            () -> assertThat(task(millrace, task).path("position").asInt()).isEqualTo(position));
  }

  private static JsonNode task(Millrace millrace, String task) {
    return millrace.gateway().get("/api/tasks/" + task).json();
  }

  private static void awaitStatus(Millrace millrace, String task, String status) {
    eventually()
        .untilAsserted(
            () -> assertThat(task(millrace, task).path("status").asText()).isEqualTo(status));
  }
}
