package dev.millrace.router.queue;

import static java.util.Objects.requireNonNull;

/** Name of a queue; the agent whose work it holds has the same name. */
public record QueueName(String value) {

  public QueueName {
    requireNonNull(value, "value");
  }

  @Override
  public String toString() {
    return value;
  }
}
