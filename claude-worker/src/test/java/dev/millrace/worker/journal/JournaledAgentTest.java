package dev.millrace.worker.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
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
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JournaledAgentTest {

  private static final AgentRun RUN = Runs.of("analysis", "x");
  private static final Completed ANSWER =
      new Completed(
          "text\0",
          List.of(
              new ResultFile("a.md", "A"),
              new ResultFile("run.sh", new Write("B", Mode.EXECUTABLE)),
              new ResultFile("old.md", new Delete())),
          "m");
  private static final TokenUsage USAGE = new TokenUsage("m", 1, 2, 3, 4);

  private final MemoryJournal journal = new MemoryJournal();
  private final CountingAgent model = new CountingAgent();
  private final RecordingReporter reporter = new RecordingReporter();
  private final JournaledAgent agent = new JournaledAgent(model, journal, Duration.ZERO);

  @Test
  void aRunThatEndedBeforeIsNotRunAgain() throws InterruptedException {
    AgentResult first = agent.run(RUN, reporter);
    AgentResult again = agent.run(RUN, reporter);

    assertThat(model.calls).hasValue(1);
    assertThat(again).isEqualTo(first);
    assertThat(reporter.usages).containsExactly(USAGE, USAGE);
  }

  @Test
  void aRunWhoseWorkerDiedIsRunAgain() throws InterruptedException {
    journal.begin(RUN);

    agent.run(RUN, reporter);

    assertThat(model.calls).hasValue(1);
  }

  @Test
  void aRunThatAnotherWorkerHasIsWaitedForAndItsResultUsedAgain() {
    journal.elsewhere = true;
    CompletableFuture<AgentResult> result = runInBackground();
    await().until(() -> reporter.lines.contains("waits for another worker that has the run"));

    journal.finish(RUN.id(), new RunRecord(ANSWER, List.of(USAGE)));

    await().until(result::isDone);
    assertThat(result).isCompletedWithValue(ANSWER);
    assertThat(model.calls).hasValue(0);
    assertThat(reporter.usages).containsExactly(USAGE);
  }

  @Test
  void aRunWhoseOtherWorkerDiedGoesOnWhenTheLeaseIsOver() {
    journal.elsewhere = true;
    CompletableFuture<AgentResult> result = runInBackground();
    await().until(() -> !reporter.lines.isEmpty());

    journal.elsewhere = false;

    await().until(result::isDone);
    assertThat(model.calls).hasValue(1);
  }

  @Test
  void theLeaseIsRenewedWhileTheRunLastsAlsoAfterAnOutage() throws InterruptedException {
    JournaledAgent renewing =
        new JournaledAgent(model, journal, Duration.ZERO, Duration.ofMillis(1));
    model.during =
        () -> {
          await().until(() -> journal.renewals.get() > 2);
          journal.away = true;
          await().until(() -> journal.failedRenewals.get() > 0);
          int before = journal.renewals.get();
          journal.away = false;
          await().until(() -> journal.renewals.get() > before);
        };

    renewing.run(RUN, reporter);

    int atTheEnd = journal.renewals.get();
    await().during(Duration.ofMillis(100)).until(() -> journal.renewals.get() <= atTheEnd + 1);
  }

  @Test
  void aRunThatIsGivenBackGivesItsLeaseBack() {
    model.during =
        () -> {
          throw new IllegalStateException("interrupted by a stop");
        };

    assertThatIllegalStateException().isThrownBy(() -> agent.run(RUN, reporter));

    assertThat(journal.released).containsExactly(RUN.id());
  }

  @Test
  void workWaitsForAJournalThatIsAway() {
    journal.away = true;
    CompletableFuture<AgentResult> result = runInBackground();
    await().until(() -> reporter.lines.stream().anyMatch(line -> line.contains("waits")));
    assertThat(model.calls).hasValue(0);

    journal.away = false;

    await().until(result::isDone);
    assertThat(result).isCompletedWithValue(ANSWER);
  }

  @Test
  void aResultIsHandedOnEvenIfTheJournalGoesAwayMeanwhile() throws InterruptedException {
    model.during = () -> journal.away = true;

    assertThat(agent.run(RUN, reporter)).isEqualTo(ANSWER);
    assertThat(reporter.lines).anyMatch(line -> line.contains("not in the journal"));
  }

  @Test
  void aResultThatTheJournalRefusesIsHandedOnAtOnce() throws InterruptedException {
    model.during = () -> journal.refusal = new IllegalStateException("refused");
    JournaledAgent patient = new JournaledAgent(model, journal, Duration.ofHours(1));

    assertThat(patient.run(RUN, reporter)).isEqualTo(ANSWER);
    assertThat(reporter.lines).containsExactly("the result is not in the journal of runs: refused");
  }

  @Test
  void aRunThatTheJournalRefusesFailsAtOnce() {
    journal.refusal = new IllegalStateException("refused");

    assertThatIllegalStateException()
        .isThrownBy(() -> agent.run(RUN, reporter))
        .withMessage("refused");
    assertThat(model.calls).hasValue(0);
  }

  @Test
  void everyResultSurvivesTheJournalsJson() {
    for (AgentResult result :
        List.of(
            ANSWER,
            new Completed("", List.of(), null),
            new Failed(AgentFailure.permanent("a", "b")),
            new Failed(new AgentFailure("c", "d", true, Duration.ofSeconds(3)), 137))) {
      RunRecord written = new RunRecord(result, List.of(USAGE));
      assertThat(RunRecordJson.read(RunRecordJson.write(written))).isEqualTo(written);
    }
    assertThat(RunRecordJson.write(new RunRecord(ANSWER, List.of()))).doesNotContain("\\u0000");
  }

  private CompletableFuture<AgentResult> runInBackground() {
    CompletableFuture<AgentResult> result = new CompletableFuture<>();
    Thread _ =
        Thread.startVirtualThread(() -> {
          try {
            result.complete(agent.run(RUN, reporter));
          } catch (InterruptedException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  private static final class CountingAgent implements Agent {

    private final AtomicInteger calls = new AtomicInteger();
    private volatile Runnable during = () -> {};

    @Override
    public Provider provider() {
      return Provider.ANTHROPIC;
    }

    @Override
    public boolean repeatable() {
      return false;
    }

    @Override
    public AgentResult run(AgentRun run, RunReporter reporter) {
      calls.incrementAndGet();
      during.run();
      reporter.usage(USAGE);
      return ANSWER;
    }
  }

  private static final class MemoryJournal implements RunJournal {

    private final Map<RunId, RunRecord> ended = new ConcurrentHashMap<>();
    private final List<RunId> released = new CopyOnWriteArrayList<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger failedRenewals = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean elsewhere;
    private volatile @Nullable RuntimeException refusal;

    @Override
    public Duration lease() {
      return Duration.ofMinutes(1);
    }

    @Override
    public Claim begin(AgentRun run) {
      check();
      RunRecord how = ended.get(run.id());
      if (how != null) {
        return new Claim.Ended(how);
      }
      return elsewhere ? new Claim.Elsewhere() : new Claim.Leased();
    }

    @Override
    public void renew(RunId run) {
      if (away) {
        failedRenewals.incrementAndGet();
      }
      check();
      renewals.incrementAndGet();
    }

    @Override
    public void release(RunId run) {
      released.add(run);
    }

    @Override
    public void finish(RunId run, RunRecord record) {
      check();
      ended.put(run, record);
    }

    private void check() {
      RuntimeException refused = refusal;
      if (refused != null) {
        throw refused;
      }
      if (away) {
        throw new JournalUnavailableException("away", new IllegalStateException());
      }
    }
  }
}
