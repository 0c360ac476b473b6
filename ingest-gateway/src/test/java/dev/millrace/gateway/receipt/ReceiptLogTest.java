package dev.millrace.gateway.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.gateway.Receipt;
import dev.millrace.schemas.gateway.ReceiptBatch;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptLogTest {

  private final SlowSink sink = new SlowSink();
  private final Queue<Runnable> turns = new ArrayDeque<>();
  private final ReceiptLog log = new ReceiptLog(sink, turns::add);

  @Test
  void whatComesInBeforeItsTurnIsOneRecord() {
    CompletableFuture<?> first = append("1");
    CompletableFuture<?> second = append("2");
    CompletableFuture<?> third = append("3");
    assertThat(turns).hasSize(1);

    takeTurn();

    assertThat(sink.keys()).containsExactly(List.of("1", "2", "3"));
    assertThat(second).isNotDone();
    sink.writes.getFirst().written.complete(null);
    assertThat(List.of(first, second, third)).allMatch(CompletableFuture::isDone);
  }

  @Test
  void whatComesInAfterThatDoesNotWaitForTheRecordOnItsWay() {
    CompletableFuture<?> _ = append("1");
    takeTurn();

    CompletableFuture<?> _ = append("2");
    takeTurn();

    assertThat(sink.keys()).containsExactly(List.of("1"), List.of("2"));
  }

  @Test
  void aRecordThatFailsFailsItsReceiptsAndNoOthers() {
    CompletableFuture<?> first = append("1");
    takeTurn();
    CompletableFuture<?> second = append("2");
    takeTurn();

    sink.writes.getFirst().written.completeExceptionally(new IllegalStateException("away"));
    sink.writes.getLast().written.complete(null);

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompleted();
  }

  @Test
  void receiptsThatCannotBeSentFail() {
    sink.closed = true;
    CompletableFuture<?> receipt = append("1");

    takeTurn();

    assertThat(receipt).isCompletedExceptionally();
  }

  @Test
  void aRecordHasSoManyReceiptsAtMost() {
    for (int i = 0; i < 501; i++) {
      CompletableFuture<?> _ = append("receipt-" + i);
    }

    takeTurn();
    takeTurn();

    assertThat(sink.keys()).extracting(List::size).containsExactly(500, 1);
  }

  private void takeTurn() {
    turns.remove().run();
  }

  private CompletableFuture<?> append(String key) {
    return log.append(
        Receipt.newBuilder()
            .setReceiptKey(key)
            .setEventId("event-" + key)
            .setStatus(200)
            .setResponse("{}")
            .setAcceptedAt(Instant.parse("2026-01-23T10:00:00Z"))
            .build(),
        EventContext.start("test", TraceContext.start()));
  }

  /** Acknowledges when the test says so. */
  private static final class SlowSink implements EventSink {

    private final List<Write> writes = new CopyOnWriteArrayList<>();
    private boolean closed;

    private record Write(ReceiptBatch batch, CompletableFuture<@Nullable Void> written) {}

    @Override
    public <T extends SpecificRecord> CompletableFuture<?> publish(
        Topic<T> topic, String key, T value, EventContext context) {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      Write write = new Write((ReceiptBatch) value, new CompletableFuture<>());
      writes.add(write);
      return write.written;
    }

    List<List<String>> keys() {
      return writes.stream()
          .map(write -> write.batch.getReceipts().stream().map(Receipt::getReceiptKey).toList())
          .toList();
    }
  }
}
