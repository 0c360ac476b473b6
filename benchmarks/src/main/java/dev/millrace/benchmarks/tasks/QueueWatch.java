package dev.millrace.benchmarks.tasks;

import dev.millrace.benchmarks.follow.TopicFollower;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.QueueSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Follows one queue: how much waits in it, and when its runs start. */
final class QueueWatch implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final String queue;
  private final List<Long> startsMs = new ArrayList<>();
  private final TopicFollower snapshots;
  private final TopicFollower events;
  private volatile int backlog;

  QueueWatch(Environment environment, String queue) {
    this.queue = queue;
    this.snapshots = TopicFollower.follow(environment, Topics.TASK_QUEUES, this::saw);
    this.events = TopicFollower.follow(environment, Topics.AGENT_EVENTS, this::saw);
  }

  private void saw(QueueSnapshot snapshot) {
    if (snapshot.getQueue().equals(queue)) {
      backlog = snapshot.getBacklog();
    }
  }

  private void saw(AgentEvent event) {
    if (event.getQueue().equals(queue) && event.getType() == AgentEventType.STARTED) {
      synchronized (startsMs) {
        startsMs.add(event.getOccurredAt().toEpochMilli());
      }
    }
  }

  int backlog() {
    return backlog;
  }

  /** Runs that started so far. */
  int starts() {
    synchronized (startsMs) {
      return startsMs.size();
    }
  }

  /** When the run with this number started, in epoch milliseconds. */
  long startMs(int number) {
    synchronized (startsMs) {
      return startsMs.get(number);
    }
  }

  /**
   * Waits for something about the queue.
   *
   * @throws IllegalStateException if it does not come in time
   */
  void await(String what, BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "expected %s within %s; the queue holds %d waiting tasks, %d runs started"
                .formatted(what, timeout, backlog, starts()));
      }
      Thread.sleep(PAUSE);
    }
  }

  @Override
  public void close() {
    snapshots.close();
    events.close();
  }
}
