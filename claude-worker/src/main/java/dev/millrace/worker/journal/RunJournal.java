package dev.millrace.worker.journal;

import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.RunId;
import java.time.Duration;

/**
 * Remembers runs across workers and restarts, and who carries them out. All calls block and throw
 * {@link JournalUnavailableException} when the journal cannot be reached, others when it refuses.
 */
public interface RunJournal {

  /** How long a worker has a run without renewing its lease. */
  Duration lease();

  /** What a worker that wants to take up a run finds. */
  sealed interface Claim {

    /** It has the lease of the run. */
    record Leased() implements Claim {}

    /** Another worker has the lease. */
    record Elsewhere() implements Claim {}

    /** The run ended before. */
    record Ended(RunRecord how) implements Claim {}
  }

  /** Writes down that a run is taken up, unless it ended before or another worker has it. */
  Claim begin(AgentRun run) throws InterruptedException;

  /** Begins the lease of a run anew, if it is still this worker's. */
  void renew(RunId run);

  /** Ends the lease of a run that is given back, if it is this worker's. */
  void release(RunId run);

  /** Writes down how a run ended. */
  void finish(RunId run, RunRecord ended) throws InterruptedException;
}
