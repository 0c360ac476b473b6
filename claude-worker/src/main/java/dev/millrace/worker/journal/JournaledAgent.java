package dev.millrace.worker.journal;

import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.ForwardingReporter;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.agent.WrappedAgent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An agent whose work costs money, made safe against deliveries that come twice: the intent is
 * written before the work, the result after it, and a run that ended before is not run again.
 *
 * <p>When the journal is away, work waits for it before it starts; after it, the result is worth
 * more than its entry: it is handed on after a while all the same. A run whose worker died in the
 * middle of its call is run again, because nobody can tell how far it came.
 */
public final class JournaledAgent extends WrappedAgent {

  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final RunJournal journal;
  private final Duration finishPatience;

  /**
   * @param finishPatience how long a result waits for a journal that is away
   */
  public JournaledAgent(Agent agent, RunJournal journal, Duration finishPatience) {
    super(agent);
    this.journal = journal;
    this.finishPatience = finishPatience;
  }

  @Override
  public AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException {
    Optional<RunRecord> before = begin(run, reporter);
    if (before.isPresent()) {
      reporter.log("the run ended before; its result is used again");
      before.get().usages().forEach(reporter::usage);
      return before.get().result();
    }
    UsageRecorder recorder = new UsageRecorder(reporter);
    AgentResult result = within().run(run, recorder);
    finish(run, new RunRecord(result, recorder.usages()), reporter);
    return result;
  }

  private Optional<RunRecord> begin(AgentRun run, RunReporter reporter)
      throws InterruptedException {
    for (boolean told = false; ; told = true) {
      try {
        return journal.begin(run);
      } catch (JournalUnavailableException e) {
        if (!told) {
          reporter.log("waits for the journal of runs: " + e.getMessage());
        }
        Thread.sleep(RETRY_INTERVAL);
      }
    }
  }

  private void finish(AgentRun run, RunRecord ended, RunReporter reporter)
      throws InterruptedException {
    long deadline = System.nanoTime() + finishPatience.toNanos();
    while (true) {
      try {
        journal.finish(run.id(), ended);
        return;
      } catch (JournalUnavailableException e) {
        if (System.nanoTime() - deadline >= 0) {
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
