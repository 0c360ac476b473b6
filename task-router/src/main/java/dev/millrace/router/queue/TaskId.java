package dev.millrace.router.queue;

import static java.util.Objects.requireNonNull;

/** Identity of a task. */
public record TaskId(String value) {

  public TaskId {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
