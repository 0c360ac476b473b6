package dev.millrace.worker.journal;

import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunId;
import java.util.Optional;

/**
 * Remembers runs across workers and restarts. Both calls block and throw {@link
 * JournalUnavailableException} when the journal cannot be reached.
 */
public interface RunJournal {

  /**
   * Writes down that a run is taken up.
   *
   * @return how it ended, if it ended before
   */
  Optional<RunRecord> begin(AgentRun run) throws InterruptedException;

  /** Writes down how a run ended. */
  void finish(RunId run, RunRecord ended) throws InterruptedException;
}
