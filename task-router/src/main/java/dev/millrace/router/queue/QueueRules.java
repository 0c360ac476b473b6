package dev.millrace.router.queue;

import dev.millrace.router.circuit.CircuitRules;
import dev.millrace.runtime.queue.QueueSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a queue besides its settings.
 *
 * @param defaults settings that no command changed
 * @param runLease a started run that does not report for this long is taken back
 * @param startTimeout a dispatched run that no agent takes up for this long is taken back
 * @param dispatching whether tasks are dispatched at all, or only collected
 * @param completedRetention how long the identity of a completed task is remembered, so that a
 *     request that comes again is not work done again
 * @param failedRetention how long a failed or cancelled task can be retried
 * @param approvalTimeout how long a task waits for an approval before it has failed
 * @param circuit when the provider of its agent is not asked for a while
 * @param fallback agent that gets the tasks meanwhile; null if they wait
 */
public record QueueRules(
    QueueSettings defaults,
    Duration runLease,
    Duration startTimeout,
    boolean dispatching,
    Duration completedRetention,
    Duration failedRetention,
    Duration approvalTimeout,
    CircuitRules circuit,
    @Nullable String fallback) {

  /** The same rules for a queue whose tasks only wait. */
  QueueRules withoutDispatching() {
    return new QueueRules(
        defaults,
        runLease,
        startTimeout,
        false,
        completedRetention,
        failedRetention,
        approvalTimeout,
        circuit,
        null);
  }

  /** The same rules for another queue. */
  public QueueRules with(QueueSettings settings, @Nullable String nextFallback) {
    return new QueueRules(
        settings,
        runLease,
        startTimeout,
        dispatching,
        completedRetention,
        failedRetention,
        approvalTimeout,
        circuit,
        nextFallback);
  }
}
