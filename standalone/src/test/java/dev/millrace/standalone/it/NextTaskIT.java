package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.fixture.FakeGitHub;
import dev.millrace.worker.ClaudeWorkerApp;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that ask for a task, and then for the next one to be processed. */
@ExtendWith(WithMillrace.class)
class NextTaskIT {

  private static final String ROUTE = "/functions/v1/processClaudeTask";

  private FakeGitHub github;
  private AppBeside worker;

  @BeforeEach
  void aWorkerThatCommitsToGithubAndHasNothingToDo(Millrace millrace) {
    github = new FakeGitHub();
    github.commit("main", "Begin", Map.of());
    worker =
        AppBeside.inPlaceOf(
            millrace,
            new ClaudeWorkerApp(),
            Map.of("WORKER_AGENTS", "claude", "GITHUB_API_URL", github.url().toString()));
    // A task that fails stops its queue.
    millrace.gateway().post("/api/queue/resume", "{\"queue\":\"claude\"}");
    eventually().until(() -> !isPaused(millrace));
    eventually().untilAsserted(() -> assertThat(openTasks(millrace)).isZero());
  }

  @AfterEach
  void theWorkerOfThePipelineAgain(Millrace millrace) {
    worker.close();
    github.close();
    millrace.gateway().post("/api/queue/resume", "{\"queue\":\"claude\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", ""})
  void theTaskThatWasJustAskedForIsAnsweredWithItsCommit(String body, Millrace millrace) {
    // given
    String task = documentation(millrace, FakeGitHub.REPOSITORY);

    // when
    Gateway.Answer answer = millrace.gateway().post(ROUTE, body);

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("taskId").asText()).isEqualTo(task);
    String commit = github.head("main").sha();
    assertThat(answer.json().path("commit_sha").asText()).isEqualTo(commit);
    assertThat(answer.json().path("github_url").asText()).endsWith("/acme/site/commit/" + commit);
  }

  @Test
  void aTaskThatFailedAtOnceIsAnsweredAsThatAndNotWithAnOlderSuccess(Millrace millrace) {
    // given
    String older = documentation(millrace, FakeGitHub.REPOSITORY);
    awaitStatus(millrace, older, "completed");
    String task = documentation(millrace, "acme/nothing-there");
    awaitStatus(millrace, task, "failed");

    // when
    Gateway.Answer answer = millrace.gateway().post(ROUTE, "{}");

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(502);
    assertThat(answer.json().path("detail").asText()).contains(task, "404");
  }

  private static String documentation(Millrace millrace, String repository) {
    return millrace
        .gateway()
        .accepted(
            """
            {"taskType":"documentation","payload":{"description":"Describe it",
             "context":{"repository":"%s","filePath":"docs/described.md","branch":"main"}}}
            """
                .formatted(repository));
  }

  private static void awaitStatus(Millrace millrace, String task, String status) {
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo(status));
  }

  private static boolean isPaused(Millrace millrace) {
    return millrace
        .gateway()
        .get("/api/queue/settings?queue=claude")
        .json()
        .path("paused")
        .asBoolean();
  }

  private static long openTasks(Millrace millrace) {
    return Queries.count(
        millrace,
        "SELECT count(*) FROM ai_tasks WHERE agent = 'claude'"
            + " AND status IN ('pending', 'queued', 'assigned', 'in_progress')");
  }
}
