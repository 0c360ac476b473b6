package dev.millrace.worker.journal;

import dev.millrace.schemas.agent.LogStream;
import dev.millrace.schemas.agent.ToolCall;
import dev.millrace.worker.agent.Agent;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.Provider;
import dev.millrace.worker.agent.RunReporter;
import dev.millrace.worker.agent.TokenUsage;
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
public final class JournaledAgent implements Agent {

  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final Agent agent;
  private final RunJournal journal;
  private final Duration finishPatience;

  /**
   * @param finishPatience how long a result waits for a journal that is away
   */
  public JournaledAgent(Agent agent, RunJournal journal, Duration finishPatience) {
    this.agent = agent;
    this.journal = journal;
    this.finishPatience = finishPatience;
  }

  @Override
  public Provider provider() {
    return agent.provider();
  }

  /** Its results are remembered, which is another thing than being the same each time. */
  @Override
  public boolean repeatable() {
    return agent.repeatable();
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
    AgentResult result = agent.run(run, recorder);
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

  /** Passes everything on and remembers the usage. */
  private static final class UsageRecorder implements RunReporter {

    private final RunReporter reporter;
    private final List<TokenUsage> usages = new CopyOnWriteArrayList<>();

    UsageRecorder(RunReporter reporter) {
      this.reporter = reporter;
    }

    List<TokenUsage> usages() {
      return List.copyOf(usages);
    }

    @Override
    public void log(LogStream stream, String text) {
      reporter.log(stream, text);
    }

    @Override
    public void usage(TokenUsage usage) {
      usages.add(usage);
      reporter.usage(usage);
    }

    @Override
    public void toolCalled(ToolCall call) {
      reporter.toolCalled(call);
    }
  }
}
