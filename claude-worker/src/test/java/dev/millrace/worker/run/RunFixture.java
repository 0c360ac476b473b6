package dev.millrace.worker.run;

import dev.millrace.repositories.CommitRequest.Author;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.result.PullRequests;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.Reviews;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Lets runs of an agent be carried out, and remembers what they report. */
final class RunFixture {

  static final AgentResult DONE = new Completed("done", List.of(), "m");

  private static final Author AUTHOR = new Author("Bot", "bot@example.org");

  final FakeBroker broker = new FakeBroker();
  final ActiveRuns activeRuns = new ActiveRuns(Duration.ofDays(14), Clock.systemUTC());
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  Duration heartbeatInterval = Duration.ofMinutes(1);
  Repositories repositories = Repositories.from(Environment.of(Map.of()));

  void execute(AgentBody body) throws InterruptedException {
    execute(body, delivery(assignment().build()), Duration.ofMinutes(1));
  }

  void execute(AgentBody body, Delivery<AgentAssignment> delivery, Duration timeout)
      throws InterruptedException {
    executor(body, timeout).process(delivery);
  }

  RunExecutor executor(AgentBody body, Duration timeout) {
    RunWork work =
        new RunWork(
            new BodyAgent(body),
            new BodyAgent(body),
            new ResultCommitter(repositories, AUTHOR, false),
            new PullRequests(repositories, AUTHOR),
            new Reviews(repositories),
            repositories);
    return new RunExecutor(
        work,
        new RunLimits(timeout, heartbeatInterval, Duration.ofSeconds(10)),
        activeRuns,
        new RunMetrics(meters),
        new RunExecutor.Surroundings(
            "claude-worker",
            "host:1",
            broker,
            PriceTable.from(Environment.of(Map.of("MODEL_PRICES", "m=2/10/0/0"))),
            Clock.systemUTC()));
  }

  static Delivery<AgentAssignment> delivery(AgentAssignment assignment) {
    return new Delivery<>(
        "agent.assignments.claude",
        assignment.getTaskId(),
        assignment,
        EventContext.start("task-router", TraceContext.start()),
        1);
  }

  static AgentAssignment.Builder assignment() {
    return Runs.assignment("documentation", "Write").setAttempt(2).setDispatchedAt(Instant.now());
  }

  static TaskContext place(String path) {
    return TaskContext.newBuilder().setRepository(GitFixture.NAME).setFilePath(path).build();
  }

  @FunctionalInterface
  interface AgentBody {
    AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException;
  }

  private record BodyAgent(AgentBody body) implements Agent {

    @Override
    public Provider provider() {
      return Provider.ANTHROPIC;
    }

    @Override
    public boolean repeatable() {
      return false;
    }

    @Override
    public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
      return body.run(run, reporter);
    }
  }
}
