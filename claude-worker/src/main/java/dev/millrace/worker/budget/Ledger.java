package dev.millrace.worker.budget;

import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.agent.TaskId;

/**
 * What was spent, remembered over runs, workers and restarts. Every method throws {@link
 * dev.millrace.worker.journal.JournalUnavailableException} while it cannot be reached.
 */
public interface Ledger {

  /** What all runs of a task have spent. */
  Spending ofTask(TaskId task);

  /** What all tasks have spent since midnight, UTC. */
  Spending today();

  void add(TaskId task, RunId run, Spending spent);
}
