package dev.millrace.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.repository.CommitRequest.Author;
import dev.millrace.runtime.repository.Repositories;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.result.PullRequests;
import dev.millrace.worker.result.ResultCommitter;
import dev.millrace.worker.result.Reviews;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunExecutorTest {

  private static final Author AUTHOR = new Author("Bot", "bot@example.org");

  private static final AgentResult DONE = new Completed("done", List.of(), "m");

  private final FakeBroker broker = new FakeBroker();
  private final ActiveRuns activeRuns = new ActiveRuns(Duration.ofDays(14), Clock.systemUTC());
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Duration heartbeatInterval = Duration.ofMinutes(1);
  private Repositories repositories = Repositories.from(Environment.of(Map.of()));

  @Test
  void aRunIsReportedFromItsStartToItsEndInOrder() throws InterruptedException {
    execute((run, reporter) -> {
      reporter.log("one\ntwo");
      reporter.usage(new TokenUsage("m", 10, 5, 0, 0));
      return DONE;
    });

    assertThat(broker.types())
        .containsExactly(AgentEventType.STARTED, AgentEventType.USAGE, AgentEventType.FINISHED);
    assertThat(broker.lines()).containsExactly("one", "two");
    assertThat(broker.written).allMatch(written -> written.key().equals("run-1"));
    AgentEvent end = broker.last();
    assertThat(end.getOutcome()).isEqualTo(RunOutcome.COMPLETED);
    assertThat(end.getResult()).contains("\"text\":\"done\"", "\"provider\":\"anthropic\"");
    assertThat(end.getQueue()).isEqualTo("claude");
    assertThat(end.getAttempt()).isEqualTo(2);
    assertThat(end.getTaskId()).isEqualTo("task-1");
    assertThat(end.getProvider()).isEqualTo("anthropic");
    assertThat(end.getWorker()).isEqualTo("host:1");
    assertThat(broker.events().get(1).getUsage().getCostMicrodollars()).isEqualTo(70);
    assertThat(meters.get("millrace.worker.runs").tag("outcome", "completed").timer().count())
        .isEqualTo(1);
    assertThat(meters.get("millrace.worker.runs.active").gauge().value()).isZero();
  }

  @Test
  void aRunThatIsAProcessOfItsOwnTellsWhichFromThenOn() throws InterruptedException {
    execute((run, reporter) -> {
      reporter.launched("host-pid-4711");
      return DONE;
    });

    assertThat(broker.events())
        .extracting(AgentEvent::getType, AgentEvent::getProcess)
        .containsExactly(
            tuple(AgentEventType.STARTED, null),
            tuple(AgentEventType.HEARTBEAT, "host-pid-4711"),
            tuple(AgentEventType.FINISHED, "host-pid-4711"));
  }

  @Test
  void aRunThatIsDeliveredAgainIsReportedWithTheSameIds() throws InterruptedException {
    AgentBody body =
        (run, reporter) -> {
          reporter.log("line");
          return DONE;
        };
    Delivery<AgentAssignment> delivery = delivery(assignment().build());
    execute(body, delivery, Duration.ofMinutes(1));
    List<String> first = ids();
    broker.written.clear();

    execute(body, delivery, Duration.ofMinutes(1));

    assertThat(ids()).isEqualTo(first).doesNotHaveDuplicates();
    assertThat(broker.written)
        .allMatch(written ->
            written.context().trace().traceId().equals(delivery.context().trace().traceId()));
  }

  @Test
  void aFailedRunIsARunThatEnded() throws InterruptedException {
    execute((run, reporter) ->
        new Failed(new AgentFailure("rate_limited", "slow down", true, Duration.ofSeconds(9)), 3));

    AgentEvent end = broker.last();
    assertThat(end.getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(end.getError().getCode()).isEqualTo("rate_limited");
    assertThat(end.getError().getRetryable()).isTrue();
    assertThat(end.getError().getRetryAfterMs()).isEqualTo(9_000);
    assertThat(end.getExitCode()).isEqualTo(3);
  }

  @Test
  void aRunThatIsGivenUpFailsForGood() throws InterruptedException {
    executor((run, reporter) -> DONE, Duration.ofMinutes(1))
        .givenUp(delivery(assignment().build()), "delivered 5 times without an end");

    assertThat(broker.types()).containsExactly(AgentEventType.FINISHED);
    AgentEvent end = broker.last();
    assertThat(end.getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(end.getError().getCode()).isEqualTo("given_up");
    assertThat(end.getError().getMessage())
        .isEqualTo("the run was given up: delivered 5 times without an end");
    assertThat(end.getError().getRetryable()).isFalse();
  }

  @Test
  void anAgentThatBreaksFailsItsRun() throws InterruptedException {
    execute((run, reporter) -> {
      throw new IllegalStateException("bug");
    });

    assertThat(broker.last().getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(broker.last().getError().getCode()).isEqualTo("internal_error");
  }

  @Test
  void aRunThatTakesTooLongIsInterruptedAndTimesOut() throws InterruptedException {
    AtomicBoolean interrupted = new AtomicBoolean();

    execute(
        (run, reporter) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.set(true);
            reporter.log("too late");
            throw e;
          }
          return DONE;
        },
        delivery(assignment().build()),
        Duration.ofMillis(50));

    assertThat(interrupted).isTrue();
    assertThat(broker.last().getOutcome()).isEqualTo(RunOutcome.TIMED_OUT);
    assertThat(broker.last().getError().getRetryable()).isTrue();
  }

  @Test
  void aRunWhoseDeadlineHasPassedDoesNotBegin() throws InterruptedException {
    AtomicBoolean ran = new AtomicBoolean();

    execute(
        (run, reporter) -> {
          ran.set(true);
          return DONE;
        },
        delivery(assignment().setDeadline(Instant.now().minusSeconds(1)).build()),
        Duration.ofMinutes(1));

    assertThat(ran).isFalse();
    assertThat(broker.last().getOutcome()).isEqualTo(RunOutcome.TIMED_OUT);
    assertThat(broker.last().getError().getRetryable()).isFalse();
  }

  @Test
  void aLongRunSaysThatItIsAliveUntilItIsKilled() {
    heartbeatInterval = Duration.ofMillis(20);
    CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            execute((run, reporter) -> {
              new CountDownLatch(1).await();
              return DONE;
            });
            ended.complete(null);
          } catch (InterruptedException e) {
            ended.completeExceptionally(e);
          }
        });
    await().until(() -> broker.types().contains(AgentEventType.HEARTBEAT));

    activeRuns.kill(new RunId("run-1"), "not wanted any more");

    await().until(ended::isDone);
    assertThat(ended).isCompleted();
    assertThat(thread).isNotNull();
    assertThat(broker.last().getOutcome()).isEqualTo(RunOutcome.KILLED);
    assertThat(broker.last().getError().getMessage()).contains("not wanted any more");
  }

  @Test
  void aRunThatWasKilledBeforeItCameDoesNotBegin() throws InterruptedException {
    activeRuns.kill(new RunId("run-1"), "early");
    AtomicBoolean ran = new AtomicBoolean();

    execute((run, reporter) -> {
      ran.set(true);
      return DONE;
    });

    assertThat(ran).isFalse();
    assertThat(broker.types()).containsExactly(AgentEventType.STARTED, AgentEventType.FINISHED);
    assertThat(broker.last().getOutcome()).isEqualTo(RunOutcome.KILLED);
  }

  @Test
  void aDeliveryIsNotAcceptedWhenItsEventsAreNotWritten() {
    broker.refusing = true;

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> execute((run, reporter) -> DONE))
        .withMessage("no broker");
  }

  @Test
  void whatAnAgentWroteIsCommittedAndReportedBeforeTheEnd(@TempDir Path folder)
      throws InterruptedException {
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "# Acme\n"))) {
      repositories = git.repositories();

      execute(
          (run, reporter) ->
              new Completed("done", List.of(new ResultFile("docs/a.md", "# A\n")), "m"),
          delivery(assignment().setContext(place("docs/a.md")).build()),
          Duration.ofMinutes(1));

      assertThat(broker.types())
          .containsExactly(
              AgentEventType.STARTED, AgentEventType.COMMITTED, AgentEventType.FINISHED);
      String sha = broker.events().get(1).getCommit().getSha();
      assertThat(broker.last().getResult()).contains("\"commit_sha\":\"" + sha + "\"");
      assertThat(git.read("docs/a.md")).isEqualTo("# A\n");
    }
  }

  @Test
  void aCommitThatIsRefusedFailsTheRunAndSaysWhy(@TempDir Path folder) throws InterruptedException {
    try (GitFixture git = new GitFixture(folder, Map.of("README.md", "# Acme\n"))) {
      repositories = git.repositories();

      execute(
          (run, reporter) ->
              new Completed("done", List.of(new ResultFile("../a.md", "# A\n")), "m"),
          delivery(assignment().setContext(place("../a.md")).build()),
          Duration.ofMinutes(1));

      assertThat(broker.types()).containsExactly(AgentEventType.STARTED, AgentEventType.FINISHED);
      assertThat(broker.last().getError().getCode()).isEqualTo("repository_invalid_path");
      assertThat(broker.last().getError().getRetryable()).isFalse();
    }
  }

  private List<String> ids() {
    return broker.written.stream().map(written -> written.context().id().value()).toList();
  }

  private void execute(AgentBody body) throws InterruptedException {
    execute(body, delivery(assignment().build()), Duration.ofMinutes(1));
  }

  private void execute(AgentBody body, Delivery<AgentAssignment> delivery, Duration timeout)
      throws InterruptedException {
    executor(body, timeout).process(delivery);
  }

  private RunExecutor executor(AgentBody body, Duration timeout) {
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

  private static Delivery<AgentAssignment> delivery(AgentAssignment assignment) {
    return new Delivery<>(
        "agent.assignments.claude",
        assignment.getTaskId(),
        assignment,
        EventContext.start("task-router", TraceContext.start()),
        1);
  }

  private static AgentAssignment.Builder assignment() {
    return AgentAssignment.newBuilder()
        .setRunId("run-1")
        .setTaskId("task-1")
        .setQueue("claude")
        .setAgent("claude")
        .setAttempt(2)
        .setTaskType("documentation")
        .setDescription("Write")
        .setPriority(Priority.MEDIUM)
        .setDispatchedAt(Instant.now());
  }

  private static TaskContext place(String path) {
    return TaskContext.newBuilder().setRepository(GitFixture.NAME).setFilePath(path).build();
  }

  @FunctionalInterface
  private interface AgentBody {
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
