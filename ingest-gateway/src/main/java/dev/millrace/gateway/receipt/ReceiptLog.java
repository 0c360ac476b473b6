package dev.millrace.gateway.receipt;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.gateway.Receipt;
import dev.millrace.schemas.gateway.ReceiptBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes receipts, those of one moment as one record: while a record is on its way to the broker,
 * the receipts that come in gather, and go with the next (a group commit).
 */
final class ReceiptLog {

  /** A record stays far below the largest that a topic takes. */
  private static final int MAX_BATCH = 500;

  private final EventSink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Batch gathering;
  private boolean writing;

  ReceiptLog(EventSink sink) {
    this.sink = sink;
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
    Batch mine;
    boolean now;
    lock.lock();
    try {
      mine = gathering == null ? new Batch(cause) : gathering;
      mine.receipts.add(receipt);
      now = !writing || mine.receipts.size() == MAX_BATCH;
      gathering = now ? null : mine;
      writing = true;
    } finally {
      lock.unlock();
    }
    if (now) {
      write(mine);
    }
    return mine.written;
  }

  private void write(Batch batch) {
    CompletableFuture<?> _ =
        sink.publish(
                Topics.GATEWAY_RECEIPTS,
                batch.receipts.getFirst().getReceiptKey(),
                new ReceiptBatch(batch.receipts),
                batch.cause.derive(batch.cause.source(), "receipt"))
            .whenComplete((_, failure) -> {
              writeGathered();
              if (failure == null) {
                batch.written.complete(null);
              } else {
                batch.written.completeExceptionally(failure);
              }
            });
  }

  private void writeGathered() {
    Batch next;
    lock.lock();
    try {
      next = gathering;
      gathering = null;
      writing = next != null;
    } finally {
      lock.unlock();
    }
    if (next != null) {
      // Not here: this is the producer's own thread, and a full producer makes its callers wait.
      Thread.ofVirtual().name("receipts").start(() -> write(next));
    }
  }
}
