package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.millrace.fixture.FakeApi;
import dev.millrace.worker.ClaudeWorkerApp;
import java.io.IOException;
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
  private static final String COMMIT = "c0ffee".repeat(6) + "c0ff";
  private static final String PAGE = "https://github.example/acme/docs/commit/" + COMMIT;

  /** Whatever is read of a repository: a branch with one commit, whose tree is empty. */
  private static final String REPOSITORY =
      """
      {"default_branch":"main","sha":"%1$s","object":{"sha":"%1$s"},"tree":[],
       "commit":{"tree":{"sha":"t0"},"committer":{"date":"2026-01-01T00:00:00Z"}}}
      """
          .formatted("beef".repeat(10));

  private FakeApi github;
  private AppBeside worker;

  @BeforeEach
  void aWorkerThatCommitsToGithubAndHasNothingToDo(Millrace millrace) {
    github = new FakeApi();
    github.answer(NextTaskIT::answer);
    worker =
        AppBeside.inPlaceOf(
            millrace,
            new ClaudeWorkerApp(),
            Map.of("WORKER_AGENTS", "claude", "GITHUB_API_URL", github.uri().toString()));
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
    String task = documentation(millrace, "acme/docs");

    // when
    Gateway.Answer answer = millrace.gateway().post(ROUTE, body);

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("taskId").asText()).isEqualTo(task);
    assertThat(answer.json().path("commit_sha").asText()).isEqualTo(COMMIT);
    assertThat(answer.json().path("github_url").asText()).isEqualTo(PAGE);
  }

  @Test
  void aTaskThatFailedAtOnceIsAnsweredAsThatAndNotWithAnOlderSuccess(Millrace millrace) {
    // given
    String older = documentation(millrace, "acme/docs");
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

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (path.contains("nothing-there")) {
      FakeApi.status(404, "{\"message\":\"Not Found\"}").respond(exchange);
      return;
    }
    String written =
        path.endsWith("/git/trees")
            ? "{\"sha\":\"t1\"}"
            : "{\"sha\":\"%s\",\"html_url\":\"%s\"}".formatted(COMMIT, PAGE);
    boolean reads = exchange.getRequestMethod().equals("GET");
    FakeApi.status(200, reads ? REPOSITORY : written).respond(exchange);
  }
}
