package dev.millrace.remediation.execution;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Remembers executions while a test runs. */
final class InMemoryExecutionStore implements ExecutionStore {

  private final Map<String, Execution> executions = new LinkedHashMap<>();
  private final Set<String> locked = new HashSet<>();

  @Override
  public synchronized Optional<Execution> find(String commandId) {
    return Optional.ofNullable(executions.get(commandId));
  }

  @Override
  public synchronized void save(Execution execution) {
    executions.put(execution.command().id(), execution);
  }

  @Override
  public synchronized Optional<Instant> lastRun(String project, String action) {
    return executions.values().stream()
        .filter(known -> ran(known, project) && known.command().action().equals(action))
        .map(known -> Objects.requireNonNullElse(known.finishedAt(), known.startedAt()))
        .max(Instant::compareTo);
  }

  @Override
  public synchronized int runsSince(String project, Instant since) {
    return (int)
        executions.values().stream()
            .filter(known -> ran(known, project) && known.startedAt().isAfter(since))
            .count();
  }

  @Override
  public synchronized Optional<ProjectLock> tryLock(String project) {
    return locked.add(project) ? Optional.of(() -> unlock(project)) : Optional.empty();
  }

  private synchronized void unlock(String project) {
    locked.remove(project);
  }

  private static boolean ran(Execution known, String project) {
    return known.command().project().equals(project) && known.state() != Execution.State.SKIPPED;
  }
}
