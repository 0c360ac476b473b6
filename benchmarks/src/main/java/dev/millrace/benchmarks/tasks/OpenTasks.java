package dev.millrace.benchmarks.tasks;

import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets only so many tasks be on their way at once: who asks for one waits until another is
 * completed. So the backlog stays flat, and what is measured is what the pipeline completes.
 */
final class OpenTasks {

  private final int limit;
  private final Duration timeout;
  private final Semaphore room;
  private final AtomicLong completed = new AtomicLong();

  /**
   * @param timeout how long one waits for another to be completed before the pipeline counts as
   *     stuck
   */
  OpenTasks(int limit, Duration timeout) {
    this.limit = limit;
    this.timeout = timeout;
    this.room = new Semaphore(limit);
  }

  /** Waits until one more task may be asked for. */
  void awaitRoom() {
    try {
      if (!room.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("no task was completed for " + timeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while tasks were on their way", e);
    }
  }

  void saw(TaskEvent event) {
    if (event.getType() == TaskEventType.COMPLETED) {
      ended();
    }
  }

  /** One more task is completed. */
  void ended() {
    completed.incrementAndGet();
    room.release();
  }

  /** Tasks completed so far. */
  long completed() {
    return completed.get();
  }

  /** Tasks that are on their way. */
  int open() {
    return limit - room.availablePermits();
  }
}
