package dev.millrace.gateway.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.gateway.RecordingSink;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.gateway.Receipt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReceiptsTest {

  private static final Instant NOW = Instant.parse("2026-01-23T10:00:00Z");
  private static final ReceiptKey KEY = ReceiptKey.request("client", new IdempotencyKey("key"));

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final RecordingSink sink = new RecordingSink();
  private final Receipts receipts = new Receipts(sink, 1_000, clockOf(now));
  private final AtomicInteger accepted = new AtomicInteger();

  @Test
  void aRequestIsAcceptedOnceAndItsReceiptWritten() throws InterruptedException {
    Outcome first = once(KEY, "digest");

    Outcome second = once(KEY, "digest");

    assertThat(first).isInstanceOf(Outcome.Accepted.class);
    assertThat(second).isInstanceOf(Outcome.Repeated.class);
    assertThat(second.receipt().response()).isEqualTo("{\"number\":1}");
    Receipt written = sink.values(Topics.GATEWAY_RECEIPTS).getFirst().getReceipts().getFirst();
    assertThat(written.getReceiptKey()).isEqualTo("idempotency-key:client:key");
    assertThat(written.getEventId()).isEqualTo("event-1");
  }

  @Test
  void anotherRequestUnderTheKeyIsAConflict() throws InterruptedException {
    once(KEY, "digest");

    assertThat(once(KEY, "another")).isInstanceOf(Outcome.Conflict.class);
    assertThat(accepted).hasValue(1);
  }

  @Test
  void aReceiptEndsWithItsValidity() throws InterruptedException {
    once(KEY, "digest");
    now.set(NOW.plus(Duration.ofHours(25)));

    assertThat(once(KEY, "another")).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void aDeliveryIsRememberedForThreeDays() throws InterruptedException {
    ReceiptKey delivery = ReceiptKey.delivery("delivery-1");
    once(delivery, null);
    now.set(NOW.plus(Duration.ofHours(71)));

    assertThat(once(delivery, null)).isInstanceOf(Outcome.Repeated.class);
  }

  @Test
  void whereThereIsNoMoreRoomTheOldestReceiptMakesIt() throws InterruptedException {
    for (int i = 0; i < 3_000; i++) {
      once(ReceiptKey.delivery("delivery-" + i), null);
    }

    Outcome newest = once(ReceiptKey.delivery("delivery-2000"), null);

    assertThat(newest).isInstanceOf(Outcome.Repeated.class);
    assertThat(receipts.size()).isEqualTo(1_000);
    assertThat(receipts.forgotten()).isEqualTo(2_000);
    assertThat(once(ReceiptKey.delivery("delivery-1"), null)).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void receiptsThatAnswerNoMoreMakeRoomFirst() throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      once(ReceiptKey.request("client", new IdempotencyKey("old-" + i)), "digest");
    }
    now.set(NOW.plus(Duration.ofHours(25)));

    once(KEY, "digest");

    assertThat(receipts.size()).isEqualTo(1);
    assertThat(receipts.forgotten()).isZero();
  }

  @Test
  void aRequestThatMayHaveBeenAcceptedKeepsItsIdentityOverMidnight() {
    now.set(Instant.parse("2026-01-23T23:59:59Z"));
    EventId first = receipts.identity(Optional.of(KEY));
    EventContext context = new EventContext(first, "test", NOW, TraceContext.start(), null);
    assertThatThrownBy(() ->
            receipts.once(
                KEY,
                "digest",
                context,
                () -> {
                  throw new IllegalStateException("no answer in time");
                }))
        .hasMessage("no answer in time");

    now.set(Instant.parse("2026-01-24T00:00:01Z"));

    assertThat(receipts.identity(Optional.of(KEY))).isEqualTo(first);
  }

  @Test
  void anOldReceiptFromTheTopicIsLeftOut() {
    receipts.learn(receipt(NOW.minus(Duration.ofDays(4))));

    assertThat(receipts.size()).isZero();
  }

  @Test
  void aReceiptFromTheTopicAnswers() throws InterruptedException {
    receipts.learn(receipt(NOW.minusSeconds(5)));

    Outcome outcome = once(KEY, "digest");

    assertThat(outcome).isInstanceOf(Outcome.Repeated.class);
    assertThat(outcome.receipt().response()).isEqualTo("{\"from\":\"the topic\"}");
    assertThat(accepted).hasValue(0);
  }

  @Test
  void aRequestThatFailedMayComeAgain() throws InterruptedException {
    EventContext context = EventContext.start("test", TraceContext.start());
    assertThatThrownBy(() ->
            receipts.once(
                KEY,
                "digest",
                context,
                () ->
                    new Acceptance(
                        "event-1",
                        200,
                        "{}",
                        CompletableFuture.failedFuture(new IllegalStateException("away")))))
        .hasMessage("away");

    assertThat(once(KEY, "digest")).isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  void ofIdenticalRequestsAtOnceOneIsAccepted() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CompletableFuture<?> acknowledged = new CompletableFuture<>();
    AtomicReference<Outcome> first = new AtomicReference<>();
    AtomicReference<Outcome> second = new AtomicReference<>();
    Thread winner = Thread.ofVirtual().start(() -> first.set(held(inside, acknowledged)));
    inside.await();
    Thread waiting = Thread.ofVirtual().start(() -> second.set(unchecked(KEY)));

    acknowledged.complete(null);
    winner.join();
    waiting.join();

    assertThat(first.get()).isInstanceOf(Outcome.Accepted.class);
    assertThat(second.get()).isInstanceOf(Outcome.Repeated.class);
    assertThat(accepted).hasValue(0);
  }

  private Outcome held(CountDownLatch inside, CompletableFuture<?> acknowledged) {
    try {
      return receipts.once(
          KEY,
          "digest",
          EventContext.start("test", TraceContext.start()),
          () -> {
            inside.countDown();
            return new Acceptance("event-1", 200, "{}", acknowledged);
          });
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Outcome unchecked(ReceiptKey key) {
    try {
      return once(key, "digest");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Outcome once(ReceiptKey key, @Nullable String digest) throws InterruptedException {
    return receipts.once(
        key,
        digest,
        EventContext.start("test", TraceContext.start()),
        () -> {
          int number = accepted.incrementAndGet();
          return new Acceptance(
              "event-" + number,
              200,
              "{\"number\":" + number + "}",
              CompletableFuture.completedFuture(null));
        });
  }

  private static Receipt receipt(Instant acceptedAt) {
    return Receipt.newBuilder()
        .setReceiptKey(KEY.value())
        .setEventId("event-0")
        .setStatus(200)
        .setResponse("{\"from\":\"the topic\"}")
        .setRequestDigest("digest")
        .setAcceptedAt(acceptedAt)
        .build();
  }

  private static Clock clockOf(AtomicReference<Instant> now) {
    InstantSource source = now::get;
    return source.withZone(ZoneOffset.UTC);
  }
}
