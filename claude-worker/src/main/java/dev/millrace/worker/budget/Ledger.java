package dev.millrace.worker.budget;

import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;
import java.util.Optional;

/**
 * What was spent, remembered over runs, workers and restarts. Every method throws {@link
 * dev.millrace.worker.journal.JournalUnavailableException} while it cannot be reached.
 */
public interface Ledger {

  Spent spent(TaskId task);

  void add(TaskId task, RunId run, Spending spent);

  /** Remembers what was spent when a run asked for an approval. */
  void asked(TaskId task, RunId run, Spent spent);

  /**
   * What was spent when a task asked for the approval that let this run begin: by the latest of its
   * other runs that asked.
   */
  Optional<Spent> whenAskedBefore(TaskId task, RunId run);
}
