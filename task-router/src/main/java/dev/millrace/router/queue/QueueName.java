package dev.millrace.router.queue;

import static java.util.Objects.requireNonNull;

import dev.millrace.runtime.routing.RoutingTable;

/** Name of a queue: the agent whose work it holds, or {@code agent@tenant}. */
public record QueueName(String value) {

  public QueueName {
    requireNonNull(value, "value");
  }

  /** The agent that does its tasks. */
  public String agent() {
    return RoutingTable.agentOfQueue(value);
  }

  /** Whether it holds the tasks of one tenant only. */
  public boolean isOfTenant() {
    return !agent().equals(value);
  }

  /** The queue of its agent for the tasks of no tenant; itself, if that is what it is. */
  public QueueName main() {
    return new QueueName(agent());
  }

  @Override
  public String toString() {
    return value;
  }
}
