package dev.millrace.worker.journal;

import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.ForwardingReporter;
import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.agent.WrappedAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent whose work costs money, made safe against deliveries that come twice: the intent is
 * written before the work, the result after it, and a run that ended before is not run again. While
 * it works it has the lease of the run; whoever gets the same run meanwhile waits for its end.
 *
 * <p>When the journal is away, work waits for it before it starts; after it, the result is worth
 * more than its entry: it is handed on after a while all the same, and at once when the journal
 * refuses the entry. A run whose worker died in the middle of its call is run again when its lease
 * is over, because nobody can tell how far it came.
 */
public final class JournaledAgent extends WrappedAgent {

  private static final Logger log = LoggerFactory.getLogger(JournaledAgent.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  /** Two renewals may fail before the lease is over. */
  private static final int RENEWALS_PER_LEASE = 4;

  private final RunJournal journal;
  private final Duration finishTimeout;
  private final Duration renewalInterval;

  /**
   * @param finishTimeout how long a result waits for a journal that is away
   */
  public JournaledAgent(Agent agent, RunJournal journal, Duration finishTimeout) {
    this(agent, journal, finishTimeout, journal.lease().dividedBy(RENEWALS_PER_LEASE));
  }

  JournaledAgent(
      Agent agent, RunJournal journal, Duration finishTimeout, Duration renewalInterval) {
    super(agent);
    this.journal = journal;
    this.finishTimeout = finishTimeout;
    this.renewalInterval = renewalInterval;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    Optional<RunRecord> before = begin(run, reporter);
    if (before.isPresent()) {
      reporter.log("the run ended before; its result is used again");
      before.get().usages().forEach(reporter::usage);
      return before.get().result();
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread _ =
        Thread.ofVirtual().name("lease-" + run.id()).start(() -> renewUntil(ended, run.id()));
    try {
      return work(run, reporter);
    } catch (InterruptedException | RuntimeException e) {
      ended.countDown();
      release(run.id());
      throw e;
    } finally {
      ended.countDown();
    }
  }

  /** Nobody has to wait for the end of a lease whose run is given back. */
  private void release(RunId run) {
    try {
      journal.release(run);
    } catch (RuntimeException e) {
      log.atInfo()
          .addKeyValue("run", run)
          .addKeyValue("reason", e.getMessage())
          .log("the lease of a run was not given back; it ends by itself");
    }
  }

  private AgentResult work(AgentRun run, RunReporter reporter) throws InterruptedException {
    UsageRecorder recorder = new UsageRecorder(reporter);
    AgentResult result = within().run(run, recorder);
    finish(run, new RunRecord(result, recorder.usages()), reporter);
    return result;
  }

  /** Returns how the run ended, if it ended before; else this worker has its lease. */
  private Optional<RunRecord> begin(AgentRun run, RunReporter reporter)
      throws InterruptedException {
    String told = "";
    while (true) {
      String obstacle;
      try {
        switch (journal.begin(run)) {
          case RunJournal.Claim.Leased _ -> {
            return Optional.empty();
          }
          case RunJournal.Claim.Ended(RunRecord how) -> {
            return Optional.of(how);
          }
          case RunJournal.Claim.Elsewhere _ ->
              obstacle = "waits for another worker that has the run";
        }
      } catch (JournalUnavailableException e) {
        obstacle = "waits for the journal of runs: " + e.getMessage();
      }
      if (!obstacle.equals(told)) {
        reporter.log(obstacle);
        told = obstacle;
      }
      Thread.sleep(RETRY_INTERVAL);
    }
  }

  private void renewUntil(CountDownLatch ended, RunId run) {
    Duration pause = renewalInterval;
    try {
      while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = renewed(run) ? renewalInterval : RETRY_INTERVAL;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean renewed(RunId run) {
    try {
      journal.renew(run);
      return true;
    } catch (JournalUnavailableException e) {
      return false;
    }
  }

  private void finish(AgentRun run, RunRecord ended, RunReporter reporter)
      throws InterruptedException {
    long deadline = System.nanoTime() + finishTimeout.toNanos();
    while (true) {
      try {
        journal.finish(run.id(), ended);
        return;
      } catch (RuntimeException e) {
        if (!(e instanceof JournalUnavailableException) || System.nanoTime() - deadline >= 0) {
          reporter.log("the result is not in the journal of runs: " + e.getMessage());
          return;
        }
        Thread.sleep(RETRY_INTERVAL);
      }
    }
  }

  /** Remembers the usage. */
  private static final class UsageRecorder extends ForwardingReporter {

    private final List<TokenUsage> usages = new CopyOnWriteArrayList<>();

    UsageRecorder(RunReporter reporter) {
      super(reporter);
    }

    List<TokenUsage> usages() {
      return List.copyOf(usages);
    }

    @Override
    public void usage(TokenUsage usage) {
      usages.add(usage);
      super.usage(usage);
    }
  }
}
