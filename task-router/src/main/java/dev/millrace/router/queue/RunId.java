package dev.millrace.router.queue;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Identity of a run: one attempt at a task. */
public record RunId(String value) {

  public RunId {
    requireNonNull(value, "value");
  }

  /** The run of this attempt at a task: always the same, so that it is dispatched once. */
  public static RunId of(TaskId task, int attempt) {
    String name = "run\n" + task.value() + '\n' + attempt;
    return new RunId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
  }

  @Override
  public String toString() {
    return value;
  }
}
