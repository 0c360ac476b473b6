package dev.millrace.worker.agent;

/**
 * Does the work of runs.
 *
 * <p>{@link #run} may block for as long as the run's timeout and returns how it ended; a failure
 * that was to be expected, such as a provider that does not answer, is a value, not an exception.
 * When the run is killed or out of time, the thread is interrupted: the agent then frees what it
 * holds and throws {@link InterruptedException}. Agents are used by many threads at once.
 */
public interface Agent {

  /** Who answers. */
  Provider provider();

  /**
   * Whether the same run has the same result each time, at no cost. The result of such a run need
   * not be remembered: an assignment that is delivered again is simply run again.
   */
  boolean repeatable();

  AgentResult run(AgentRun run, RunReporter reporter) throws InterruptedException;
}
