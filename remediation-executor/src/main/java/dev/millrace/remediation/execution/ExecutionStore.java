package dev.millrace.remediation.execution;

import java.time.Instant;
import java.util.Optional;

/** Remembers executions, for all instances of the app. A store that is away is waited for. */
public interface ExecutionStore {

  /** What is known of a command. */
  Optional<Execution> find(String commandId) throws InterruptedException;

  /** Records an execution, or replaces what is recorded of its command. */
  void save(Execution execution) throws InterruptedException;

  /**
   * When this action was done for this project last, successfully or not; skipped ones count not.
   */
  Optional<Instant> lastRun(String project, String action) throws InterruptedException;

  /** How many actions of any kind were done for this project since then. */
  int runsSince(String project, Instant since) throws InterruptedException;

  /** Takes the right to act on a project, if nobody else in any instance has it. */
  Optional<ProjectLock> tryLock(String project) throws InterruptedException;

  /** The right to act on a project, until it is closed or this process ends. */
  interface ProjectLock extends AutoCloseable {
    @Override
    void close();
  }
}
