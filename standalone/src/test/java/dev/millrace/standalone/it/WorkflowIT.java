package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.client.EventStream;
import dev.millrace.client.MillraceClient;
import dev.millrace.fixture.FakeGitHub;
import dev.millrace.router.TaskRouterApp;
import dev.millrace.worker.ClaudeWorkerApp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Development work on its way through several agents, on the running pipeline. */
@ExtendWith(WithMillrace.class)
class WorkflowIT {

  private static final Map<String, String> WITH_THE_WORKFLOW =
      Map.of(
          "USE_MULTI_AGENT_EVENTS", "true",
          "WORKFLOW_AUTO_MERGE", "true",
          "RUN_LEASE", "10s");

  /** A line that the pull request on GitHub adds. */
  private static final String ADDED = "The mill is open.";

  private static final String DIFF =
      """
      diff --git a/hours.md b/hours.md
      --- a/hours.md
      +++ b/hours.md
      @@ -1 +1,2 @@
       # Hours
      +%s
      """
          .formatted(ADDED);

  @TempDir private Path folder;
  private ScriptedTeam team;
  private FakeGitHub github;
  private AppBeside worker;

  @BeforeEach
  void aWorkerWithATeam(Millrace millrace) throws IOException {
    team = new ScriptedTeam();
    github = new FakeGitHub();
    github.pullRequest.diff = DIFF;
    worker =
        AppBeside.inPlaceOf(
            millrace,
            new ClaudeWorkerApp(),
            Map.of(
                "WORKER_AGENTS", "claude",
                "AGENT_PROVIDERS", "claude=anthropic",
                "ANTHROPIC_API_KEY", "not-a-real-key",
                "ANTHROPIC_BASE_URL", team.url(),
                "GITHUB_API_URL", github.url().toString(),
                "AGENT_HEARTBEAT_INTERVAL", "1s"));
  }

  @AfterEach
  void theWorkerOfThePipelineAgain() {
    worker.close();
    team.close();
    github.close();
  }

  @Test
  void aTaskIsPlannedCodedReviewedMergedDeployedAndVerified(Millrace millrace) throws Exception {
    try (AppProcess router =
        AppProcess.inPlaceOf(millrace, new TaskRouterApp(), folder, WITH_THE_WORKFLOW)) {
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
      assertThat(team.prompt("reviewer"))
          .as("the reviewer saw what the coding agent changed")
          .contains("+# Opening hours");
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
      assertThat(
              Queries.texts(
                  millrace,
                  "SELECT execution_plan ->> 'next' FROM public.tasks WHERE id = ?",
                  task))
          .as("what the starter answered")
          .containsExactly("coding");
    }
  }

  @Test
  void aWebhookDrivesTheSameFlowOnceHoweverOftenItIsDelivered(Millrace millrace)
      throws IOException {
    try (AppBeside _ = AppBeside.inPlaceOf(millrace, new TaskRouterApp(), WITH_THE_WORKFLOW)) {
      // given
      String flow = "pr~it~results~12";
      String head = headOfMain(millrace);
      String opened = pullRequest("it/results", 12, head, false);
      assertThat(deliver(millrace, "opened-12", "opened", opened)).isEqualTo(200);
      eventually().until(() -> eventTypes(millrace, flow).contains("approval.requested"));

      // when
      deliver(millrace, "opened-12", "opened", opened);
      deliver(millrace, "opened-12-again", "opened", opened);
      deliver(millrace, "merged-12", "closed", pullRequest("it/results", 12, head, true));

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
  }

  @Test
  void theVerdictOnAPullRequestBecomesItsReviewOnGitHub(Millrace millrace) {
    try (AppBeside _ = AppBeside.inPlaceOf(millrace, new TaskRouterApp(), WITH_THE_WORKFLOW)) {
      // given
      String flow = "pr~acme~site~7";
      String opened = pullRequest(FakeGitHub.REPOSITORY, 7, "s1", false);
      String merged = pullRequest(FakeGitHub.REPOSITORY, 7, "s1", true);

      // when
      try (EventStream live = client(millrace).events().follow(List.of("workflow.events"))) {
        deliver(millrace, "opened-7", "opened", opened);
        assertTimeoutPreemptively(
            Duration.ofMinutes(1), () -> readUntil(live, "approval.requested"));
      }
      eventually().until(() -> eventTypes(millrace, flow).contains("approval.requested"));
      deliver(
          millrace,
          "pull_request_review",
          "reviewed-7",
          "submitted",
          reviewed(opened, github.pullRequest.reviews().getFirst().path("body")));
      deliver(millrace, "merged-7", "closed", merged);

      // then
      awaitStatus(millrace, flow, "completed");
      assertThat(team.prompt("reviewer")).contains("+" + ADDED);
      assertThat(github.pullRequest.reviews())
          .singleElement()
          .satisfies(review -> {
            assertThat(review.path("event").asText()).isEqualTo("REQUEST_CHANGES");
            assertThat(review.path("commit_id").asText()).isEqualTo("s1");
            assertThat(review.path("body").asText()).startsWith("Say when it is closed.");
          });
      assertThat(eventTypes(millrace, flow))
          .as("the webhook of the review that was posted moves nothing")
          .containsOnlyOnce("pr.changes.requested");
    }
  }

  private static void readUntil(EventStream live, String type) {
    String read;
    do {
      read = live.next().data().at("/data/type").asText();
    } while (!read.equals(type));
  }

  private static MillraceClient client(Millrace millrace) {
    return MillraceClient.at(millrace.gateway().uri()).apiKey(millrace.gateway().apiKey()).build();
  }

  /** The webhook of a review, with this text, by somebody who may write to the repository. */
  private static String reviewed(String pullRequest, JsonNode text) {
    return pullRequest.replaceFirst(
        "\\{",
        Matcher.quoteReplacement(
            "{\"review\":{\"state\":\"changes_requested\",\"author_association\":\"MEMBER\",\"body\":%s},"
                .formatted(text)));
  }

  private static String headOfMain(Millrace millrace) throws IOException {
    try (Git git = Git.open(millrace.results().toFile())) {
      return git.getRepository().resolve("refs/heads/main").name();
    }
  }

  private static int deliver(Millrace millrace, String delivery, String action, String body) {
    return deliver(millrace, "pull_request", delivery, action, body);
  }

  private static int deliver(
      Millrace millrace, String event, String delivery, String action, String body) {
    return millrace
        .gateway()
        .webhook(
            event, delivery, millrace.gateway().webhookSecret(), body.replace("ACTION", action))
        .status();
  }

  private static String pullRequest(String repository, int number, String sha, boolean merged) {
    return """
    {"action":"ACTION","repository":{"full_name":"%1$s"},"sender":{"login":"octocat"},
     "pull_request":{"number":%2$d,"title":"Fix the sails","body":null,"merged":%4$s,
     "merge_commit_sha":null,"html_url":"https://github.example/%1$s/pull/%2$d",
     "head":{"ref":"main","sha":"%3$s","repo":{"full_name":"%1$s"}},"base":{"ref":"main"}}}
    """
        .formatted(repository, number, sha, merged);
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
                .as(() -> "%s%n%s".formatted(eventTypes(millrace, task), team.asked()))
                .isEqualTo(status));
  }
}
