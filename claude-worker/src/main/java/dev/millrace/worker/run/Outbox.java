package dev.millrace.worker.run;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run on their way to the broker: nobody waits for a single one, but never more
 * than {@value #MAX_IN_FLIGHT} are on their way, and the run counts as reported only when all have
 * arrived.
 */
final class Outbox {

  private static final int MAX_IN_FLIGHT = 1_000;

  private final EventSink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int inFlight;
  private @Nullable Throwable failure;

  Outbox(EventSink sink) {
    this.sink = sink;
  }

  /**
   * Sends an event; waits only when too many are on their way.
   *
   * @throws InterruptedException while waiting
   */
  <T extends SpecificRecord> void send(Topic<T> topic, String key, T value, EventContext context)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inFlight >= MAX_IN_FLIGHT) {
        changed.await();
      }
      inFlight++;
    } finally {
      lock.unlock();
    }
    CompletableFuture<?> _ =
        sink.publish(topic, key, value, context).whenComplete((place, thrown) -> arrived(thrown));
  }

  private void arrived(@Nullable Throwable thrown) {
    lock.lock();
    try {
      inFlight--;
      if (thrown != null && failure == null) {
        failure = thrown instanceof CompletionException ? Causes.unwrap(thrown) : thrown;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all events have arrived.
   *
   * @throws PublishException if one did not
   */
  void awaitArrived() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inFlight > 0) {
        changed.await();
      }
      if (failure instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (failure != null) {
        throw new IllegalStateException("an event was not written", failure);
      }
    } finally {
      lock.unlock();
    }
  }
}
