package dev.millrace.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.journal.PostgresGenerations;
import dev.millrace.worker.media.MediaAgent;
import dev.millrace.worker.media.MediaConfig;
import dev.millrace.worker.offline.OfflineAgent;
import dev.millrace.worker.result.PullRequests;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.Reviews;
import dev.millrace.worker.result.TargetPolicy;
import dev.millrace.worker.source.SourceFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose answer is prescribed, and runs that merge, with the offline agent. */
class RunWorkTest {

  private static final Author AUTHOR = new Author("Bot", "bot@example.org");

  @TempDir private Path folder;
  private final FakeBroker broker = new FakeBroker();
  private GitFixture git;

  @BeforeEach
  void repository() {
    git = new GitFixture(folder, Map.of("README.md", "# Mill\n\nIt grinds.\n"));
  }

  @AfterEach
  void close() {
    git.close();
  }

  private RunEnd end(Map<String, String> attributes) throws InterruptedException {
    Repositories repositories = git.repositories();
    AgentAssignment assignment =
        Runs.assignment("review", "Look.")
            .setContext(TaskContext.newBuilder().setRepository(GitFixture.NAME).build())
            .setAttributes(attributes)
            .build();
    RunWork work =
        new RunWork(
            new OfflineAgent(new SourceFiles(repositories), new TargetPolicy(Set.of())),
            new MediaAgent(
                MediaConfig.from(Environment.of(Map.of()), Duration.ofMinutes(1)),
                new PostgresGenerations(Jdbi.create("jdbc:none")), // asked by nobody without keys
                (_, _, _) -> {}),
            new ResultCommitter(repositories, AUTHOR, false),
            new PullRequests(repositories, AUTHOR),
            new Reviews(repositories),
            repositories);
    RunReport report =
        new RunReport(
            assignment,
            EventContext.start("task-router", TraceContext.start()),
            work.agent().provider(),
            new RunExecutor.Surroundings(
                "claude-worker",
                "host:1",
                broker,
                PriceTable.from(Environment.of(Map.of())),
                Clock.systemUTC()));
    return work.execute(AgentRun.of(assignment), report);
  }

  @Test
  void anOfflineReviewerDecidesNothing() throws InterruptedException {
    RunEnd end = end(Map.of("role", "reviewer"));

    assertThat(end.outcome()).isEqualTo(RunOutcome.COMPLETED);
    assertThat(end.result()).contains("\"offline\":true", "\"answer\":{\"verdict\":\"undecided\"");
  }

  @Test
  void anOfflineStarterLaysOutWhatItFound() throws InterruptedException {
    RunEnd end = end(Map.of("role", "starter", "commit", "false"));

    assertThat(end.result()).contains("\"answer\":{\"next\":\"coding\",\"plan\":", "It grinds.");
  }

  @Test
  void mediaAreTheProducersWorkInWhicheverQueueItsTaskWaited() throws InterruptedException {
    RunEnd end =
        end(
            Map.of(
                "role",
                "producer",
                "material",
                "{\"shots\":[{\"image_prompt\":\"A\",\"motion_prompt\":\"B\",\"duration_seconds\":5}]}"));

    assertThat(end.outcome()).isEqualTo(RunOutcome.COMPLETED);
    assertThat(end.result())
        .contains("\"offline\":true", "\"assets\":[]", "KIE_API_KEY is not set");
  }

  @Test
  void anAnswerThatDoesNotFitFailsItsRunWithTheReason() throws InterruptedException {
    RunEnd end = end(Map.of("answer_schema", "{\"type\":\"object\",\"required\":[\"n\"]}"));

    assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(end.failure()).isNotNull();
    assertThat(end.failure().code()).isEqualTo("answer_invalid");
    assertThat(end.failure().retryable()).isFalse();
  }

  @Test
  void aSchemaThatIsNoneFailsItsRunBeforeTheAgentIsAsked() throws InterruptedException {
    RunEnd end = end(Map.of("answer_schema", "{\"type\":\"cow\"}"));

    assertThat(end.failure()).isNotNull();
    assertThat(end.failure().code()).isEqualTo("answer_schema_invalid");
    assertThat(broker.lines()).isEmpty();
  }

  @Test
  void aRunThatMergesAsksNoAgentAndSaysWhatIsMissing() throws InterruptedException {
    RunEnd end = end(Map.of("role", "merger", "merge_branch", "millrace/none"));

    assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(end.failure()).isNotNull();
    assertThat(end.failure().message()).contains("merge failed", "millrace/none");
    assertThat(broker.lines()).containsExactly("merges; no model is asked");
  }
}
