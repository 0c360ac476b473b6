package dev.millrace.gateway.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.gateway.event.EventSink;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.gateway.Receipt;
import dev.millrace.schemas.gateway.ReceiptBatch;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptLogTest {

  private final SlowSink sink = new SlowSink();
  private final ReceiptLog log = new ReceiptLog(sink);

  @Test
  void whatComesInWhileARecordIsOnItsWayGoesWithTheNext() {
    CompletableFuture<?> first = append("1");
    CompletableFuture<?> second = append("2");
    CompletableFuture<?> third = append("3");
    assertThat(sink.keys()).containsExactly(List.of("1"));

    sink.writes.getFirst().written.complete(null);

    await()
        .untilAsserted(
            () -> assertThat(sink.keys()).containsExactly(List.of("1"), List.of("2", "3")));
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    sink.writes.getLast().written.complete(null);
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
  }

  @Test
  void aRecordThatFailsFailsItsReceiptsAndNoOthers() {
    CompletableFuture<?> first = append("1");
    CompletableFuture<?> second = append("2");

    sink.writes.getFirst().written.completeExceptionally(new IllegalStateException("away"));
    await().until(() -> sink.writes.size() == 2);
    sink.writes.getLast().written.complete(null);

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompleted();
  }

  @Test
  void afterAPauseAReceiptIsWrittenAtOnce() {
    CompletableFuture<?> _ = append("1");
    sink.writes.getFirst().written.complete(null);

    CompletableFuture<?> _ = append("2");

    assertThat(sink.keys()).containsExactly(List.of("1"), List.of("2"));
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

    private record Write(ReceiptBatch batch, CompletableFuture<@Nullable Void> written) {}

    @Override
    public <T extends SpecificRecord> CompletableFuture<?> publish(
        Topic<T> topic, String key, T value, EventContext context) {
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
