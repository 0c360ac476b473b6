package dev.millrace.router.queue;

import java.util.Map;

/**
 * The rules of all queues.
 *
 * @param configured those of each agent's queue, and of queues of tenants that are set otherwise
 * @param usual those of a queue for which nothing is set
 */
public record AllRules(Map<QueueName, QueueRules> configured, QueueRules usual) {

  public AllRules {
    configured = Map.copyOf(configured);
  }

  /**
   * The rules of a queue; a tenant's has those of its agent, unless it is set otherwise. One whose
   * agent is no longer configured keeps its tasks and dispatches none.
   */
  public QueueRules of(QueueName queue) {
    QueueRules found = configured.getOrDefault(queue, configured.get(queue.main()));
    return found == null ? usual.withoutDispatching() : found;
  }
}
