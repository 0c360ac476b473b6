package dev.millrace.gateway.receipt;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.gateway.Receipt;
import dev.millrace.schemas.gateway.ReceiptBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes receipts, those of one moment as one record: the receipts that come in before the thread
 * that writes them has its turn go together. Nothing waits for a record that is on its way, so that
 * a receipt travels to the broker in the same request as the event that it is for.
 */
final class ReceiptLog {

  /** A record stays far below the largest that a topic takes. */
  private static final int MAX_BATCH = 500;

  private final EventSink sink;
  private final Executor turns;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Batch gathering;

  /**
   * @param turns runs what writes a record; not on the caller's thread, or every receipt is a
   *     record of its own
   */
  ReceiptLog(EventSink sink, Executor turns) {
    this.sink = sink;
    this.turns = turns;
  }

  /** Receipts that become durable together. */
  private static final class Batch {

    private final List<Receipt> receipts = new ArrayList<>();
    private final EventContext cause;
    private final CompletableFuture<@Nullable Void> written = new CompletableFuture<>();

    Batch(EventContext cause) {
      this.cause = cause;
    }
  }

  /**
   * Writes a receipt.
   *
   * @param cause context of the event that it is for
   * @return completes when it is durable, or with a {@link
   *     dev.millrace.runtime.kafka.PublishException}
   */
  CompletableFuture<?> append(Receipt receipt, EventContext cause) {
    lock.lock();
    try {
      Batch batch = gathering;
      if (batch == null || batch.receipts.size() == MAX_BATCH) {
        Batch next = new Batch(cause);
        turns.execute(() -> write(next));
        batch = next;
        gathering = next;
      }
      batch.receipts.add(receipt);
      return batch.written;
    } finally {
      lock.unlock();
    }
  }

  private void write(Batch batch) {
    close(batch);
    try {
      CompletableFuture<?> _ =
          sink.publish(
                  Topics.GATEWAY_RECEIPTS,
                  batch.receipts.getFirst().getReceiptKey(),
                  new ReceiptBatch(batch.receipts),
                  batch.cause.derive(batch.cause.source(), "receipt"))
              .whenComplete((_, failure) -> {
                if (failure == null) {
                  batch.written.complete(null);
                } else {
                  batch.written.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException e) {
      // Nobody else would hear of it, and calls would wait for ever: the producer was closed, say.
      batch.written.completeExceptionally(e);
    }
  }

  /** Nothing is added to a batch from here on. */
  private void close(Batch batch) {
    lock.lock();
    try {
      if (gathering == batch) {
        gathering = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
