package dev.millrace.worker.run;

import static dev.millrace.worker.run.RunFixture.assignment;
import static dev.millrace.worker.run.RunFixture.delivery;
import static dev.millrace.worker.run.RunFixture.place;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.fixture.GitFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose agents write files. */
class CommittedRunsTest {

  private final RunFixture runs = new RunFixture();

  @Test
  void whatAnAgentWroteIsCommittedAndReportedBeforeTheEnd(@TempDir Path folder)
      throws InterruptedException {
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "# Acme\n"))) {
      runs.repositories = git.repositories();

      runs.execute(
          (run, reporter) ->
              new Completed("done", List.of(new ResultFile("docs/a.md", "# A\n")), "m"),
          delivery(assignment().setContext(place("docs/a.md")).build()),
          Duration.ofMinutes(1));

      assertThat(runs.broker.types())
          .containsExactly(
              AgentEventType.STARTED, AgentEventType.COMMITTED, AgentEventType.FINISHED);
      String sha = runs.broker.events().get(1).getCommit().getSha();
      assertThat(runs.broker.last().getResult()).contains("\"commit_sha\":\"" + sha + "\"");
      assertThat(git.read("docs/a.md")).isEqualTo("# A\n");
    }
  }

  @Test
  void aCommitThatIsRefusedFailsTheRunAndSaysWhy(@TempDir Path folder) throws InterruptedException {
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "# Acme\n"))) {
      runs.repositories = git.repositories();

      runs.execute(
          (run, reporter) ->
              new Completed("done", List.of(new ResultFile("../a.md", "# A\n")), "m"),
          delivery(assignment().setContext(place("../a.md")).build()),
          Duration.ofMinutes(1));

      assertThat(runs.broker.types())
          .containsExactly(AgentEventType.STARTED, AgentEventType.FINISHED);
      assertThat(runs.broker.last().getError().getCode()).isEqualTo("repository_invalid_path");
      assertThat(runs.broker.last().getError().getRetryable()).isFalse();
    }
  }
}
