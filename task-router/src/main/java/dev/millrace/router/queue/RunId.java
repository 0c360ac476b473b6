package dev.millrace.router.queue;

import static java.util.Objects.requireNonNull;

import dev.millrace.runtime.queue.RunIdentity;

/** Identity of a run: one attempt at a task. */
public record RunId(String value) {

  public RunId {
    requireNonNull(value, "value");
  }

  /** The run of this attempt at a task: always the same, so that it is dispatched once. */
  public static RunId of(TaskId task, int attempt) {
    return new RunId(RunIdentity.of(task.value(), attempt));
  }

  @Override
  public String toString() {
    return value;
  }
}
