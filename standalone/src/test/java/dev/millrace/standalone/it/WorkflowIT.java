package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Development work on its way through several agents, on the running pipeline. */
@ExtendWith(WithMillrace.class)
class WorkflowIT {

  private static final String ROUTER = "dev.millrace.router.Main";
  private static final String WORKER = "dev.millrace.worker.Main";

  @TempDir private Path folder;
  private ScriptedTeam team;
  private AppProcess router;
  private AppProcess worker;

  @BeforeEach
  void aRouterWithTheWorkflowAndAWorkerWithATeam(Millrace millrace)
      throws IOException, InterruptedException {
    millrace.pipeline().stopApp("claude-worker");
    millrace.pipeline().stopApp("task-router");
    team = new ScriptedTeam();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(millrace.pipeline().environment().asMap());
    environment.putAll(
        Map.of(
            "MANAGEMENT_PORT", "0",
            "USE_MULTI_AGENT_EVENTS", "true",
            "WORKFLOW_AUTO_MERGE", "true",
            "WORKER_AGENTS", "claude",
            "AGENT_PROVIDERS", "claude=anthropic",
            "ANTHROPIC_API_KEY", "not-a-real-key",
            "ANTHROPIC_BASE_URL", team.url(),
            "RUN_LEASE", "10s",
            "AGENT_HEARTBEAT_INTERVAL", "1s"));
    router = AppProcess.start(ROUTER, environment, folder.resolve("router.log"));
    worker = AppProcess.start(WORKER, environment, folder.resolve("worker.log"));
  }

  @AfterEach
  void theAppsOfThePipelineAgain(Millrace millrace) throws InterruptedException {
    router.close();
    worker.close();
    team.close();
    millrace.pipeline().startApp("task-router");
    millrace.pipeline().startApp("claude-worker");
    millrace.pipeline().awaitReady(progress -> {});
  }

  @Test
  void aTaskIsPlannedCodedReviewedMergedDeployedAndVerified(Millrace millrace) throws Exception {
    // given
    String task =
        millrace
            .gateway()
            .post(
                "/api/orchestrator",
                """
                {"taskType":"code","payload":{"description":"Say when the mill is open.",
                 "context":{"repository":"%s"}}}
                """
                    .formatted(Millrace.RESULTS_REPOSITORY))
            .json()
            .path("task_id")
            .asText();
    eventually().until(() -> team.asked().contains("coding"));

    // when
    router.killAndRestart();

    // then
    awaitStatus(millrace, task, "completed");
    assertThat(eventTypes(millrace, task))
        .containsSubsequence(
            "task.assigned",
            "task.plan.created",
            "pr.created",
            "pr.changes.requested",
            "pr.updated",
            "pr.approved",
            "pr.merged",
            "deploy.completed",
            "verify.passed",
            "flow.completed");
    assertThat(team.asked())
        .as("each agent was asked once for each of its steps")
        .containsExactly(
            "starter", "coding", "reviewer", "coding", "reviewer", "deployer", "verifier");
    JsonNode result = task(millrace, task).path("result");
    assertThat(result.path("rounds").asInt()).isEqualTo(1);
    try (Git git = Git.open(millrace.results().toFile())) {
      assertThat(git.getRepository().resolve("refs/heads/main").name())
          .isEqualTo(result.path("commit_sha").asText());
      assertThat(git.getRepository().resolve("refs/heads/main:" + ScriptedTeam.FILE)).isNotNull();
    }
    assertThat(
            Queries.count(
                millrace,
                "SELECT count(DISTINCT trace_id) FROM ai_tasks WHERE task_id = ? OR parent_task_id = ?",
                task,
                task))
        .as("traces of the task and all its steps")
        .isEqualTo(1);
  }

  @Test
  void aWebhookDrivesTheSameFlowOnceHoweverOftenItIsDelivered(Millrace millrace) {
    // given
    String flow = "pr~it~results~12";
    String opened = pullRequest(false);
    assertThat(deliver(millrace, "opened-12", "opened", opened)).isEqualTo(200);
    eventually().until(() -> eventTypes(millrace, flow).contains("approval.requested"));

    // when
    deliver(millrace, "opened-12", "opened", opened);
    deliver(millrace, "opened-12-again", "opened", opened);
    deliver(millrace, "merged-12", "closed", pullRequest(true));

    // then
    awaitStatus(millrace, flow, "completed");
    assertThat(team.asked()).containsExactly("reviewer", "deployer", "verifier");
    assertThat(eventTypes(millrace, flow))
        .containsSubsequence(
            "pr.created",
            "pr.changes.requested",
            "approval.requested",
            "pr.merged",
            "deploy.completed",
            "verify.passed",
            "flow.completed");
  }

  private static int deliver(Millrace millrace, String delivery, String action, String body) {
    return millrace
        .gateway()
        .webhook(
            "pull_request",
            delivery,
            millrace.gateway().webhookSecret(),
            body.replace("ACTION", action))
        .status();
  }

  private static String pullRequest(boolean merged) {
    return """
    {"action":"ACTION","repository":{"full_name":"it/results"},"sender":{"login":"octocat"},
     "pull_request":{"number":12,"title":"Fix the sails","body":null,"merged":%s,
     "merge_commit_sha":null,"html_url":"https://github.example/it/results/pull/12",
     "head":{"ref":"main","sha":"s1","repo":{"full_name":"it/results"}},"base":{"ref":"main"}}}
    """
        .formatted(merged);
  }

  private static List<String> eventTypes(Millrace millrace, String task) {
    return millrace
        .gateway()
        .get("/api/tasks/" + task)
        .json()
        .path("history")
        .findValuesAsText("event_type");
  }

  private static JsonNode task(Millrace millrace, String task) {
    return millrace.gateway().get("/api/tasks/" + task).json();
  }

  private void awaitStatus(Millrace millrace, String task, String status) {
    eventually()
        .untilAsserted(() ->
            assertThat(task(millrace, task).path("status").asText())
                .as(() ->
                    String.join(
                        "\n",
                        eventTypes(millrace, task).toString(),
                        team.asked().toString(),
                        router.printed(),
                        worker.printed()))
                .isEqualTo(status));
  }
}
