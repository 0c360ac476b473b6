package dev.millrace.runtime.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShareSlotTest {

  private static final Duration LONG_LOCK = Duration.ofMinutes(1);
  private static final Duration SHORT_LOCK = Duration.ofMillis(90);
  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<FakeShareConsumer> consumers = new CopyOnWriteArrayList<>();
  private final List<String> worked = new CopyOnWriteArrayList<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final ShareSlot.Occupancy occupancy =
      new ShareSlot.Occupancy() {
        @Override
        public void begun() {
          busy.incrementAndGet();
        }

        @Override
        public void ended() {
          busy.decrementAndGet();
        }
      };
  private ShareSlot<String> slot = slot(LONG_LOCK, delivery -> worked.add(delivery.value()));

  @AfterEach
  void stop() throws InterruptedException {
    slot.requestStop();
    slot.interrupt();
    assertThat(slot.awaitStop(SOON)).isTrue();
    assertThat(busy).hasValue(0);
    assertThat(consumers).allMatch(FakeShareConsumer::isClosed);
  }

  @Test
  void takesOneDeliveryAfterTheOther() {
    slot.start();
    consumer().give(Records.delivery(1, "one", 1));
    consumer().give(Records.delivery(2, "two", 1));

    awaitAcknowledged("1 ACCEPT", "2 ACCEPT");
    assertThat(worked).containsExactly("one", "two");
  }

  @Test
  void aDeliveryThatFailsComesAgain() {
    AtomicInteger tries = new AtomicInteger();
    slot =
        slot(
            LONG_LOCK,
            delivery -> {
              if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
              worked.add(delivery.value() + " at attempt " + delivery.attempt());
            });
    slot.start();
    consumer().give(Records.delivery(1, "one", 1));

    awaitAcknowledged("1 RELEASE", "1 RELEASE", "1 ACCEPT");
    assertThat(worked).containsExactly("one at attempt 3");
  }

  @Test
  void theLockOfLongWorkIsRenewed() {
    CountDownLatch done = new CountDownLatch(1);
    slot = slot(SHORT_LOCK, _ -> done.await());
    slot.start();
    consumer().give(Records.delivery(1, "one", 1));

    Awaitility.await().atMost(SOON).until(() -> consumer().acknowledged().size() >= 3);
    assertThat(consumer().acknowledged()).allMatch("1 RENEW"::equals);
    assertThat(busy).hasValue(1);
    done.countDown();

    Awaitility.await()
        .atMost(SOON)
        .until(() -> consumer().acknowledged().getLast().equals("1 ACCEPT"));
  }

  /** Otherwise two slots would work on the same delivery. */
  @Test
  void workWhoseLockIsLostEndsBeforeTheNextIsTaken() {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch never = new CountDownLatch(1);
    slot =
        slot(
            SHORT_LOCK,
            delivery -> {
              if (delivery.value().equals("long")) {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  interrupted.set(true);
                  throw e;
                }
              }
              assertThat(interrupted).isTrue();
              worked.add(delivery.value());
            });
    slot.start();
    consumer().failNextCommit(new InvalidRecordStateException("the lock timed out"));
    consumer().give(Records.delivery(1, "long", 1));

    Awaitility.await().atMost(SOON).until(() -> consumers.size() == 2);
    consumers.get(1).give(Records.delivery(2, "next", 1));

    Awaitility.await().atMost(SOON).until(() -> worked.contains("next"));
    assertThat(interrupted).isTrue();
    assertThat(consumers.getFirst().isClosed()).isTrue();
  }

  @Test
  void aDeliveryWhoseAcknowledgementIsLostIsTakenAgain() {
    slot.start();
    consumer().failNextCommit(new InvalidRecordStateException("the lock timed out"));
    consumer().give(Records.delivery(1, "one", 1));
    consumer().give(Records.delivery(1, "one", 2));

    awaitAcknowledged("1 ACCEPT", "1 ACCEPT");
    assertThat(worked).containsExactly("one", "one");
    assertThat(consumers).hasSize(1);
  }

  @Test
  void aStopLetsTheDeliveryInWorkEnd() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    slot =
        slot(
            LONG_LOCK,
            _ -> {
              begun.countDown();
              go.await();
            });
    slot.start();
    consumer().give(Records.delivery(1, "one", 1));
    consumer().give(Records.delivery(2, "two", 1));
    begun.await();

    slot.requestStop();
    go.countDown();

    assertThat(slot.awaitStop(SOON)).isTrue();
    assertThat(consumer().acknowledged()).containsExactly("1 ACCEPT");
  }

  @Test
  void anInterruptReleasesTheDeliveryInWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    slot =
        slot(
            LONG_LOCK,
            _ -> {
              begun.countDown();
              never.await();
            });
    slot.start();
    consumer().give(Records.delivery(1, "one", 1));
    begun.await();

    slot.requestStop();
    slot.interrupt();

    assertThat(slot.awaitStop(SOON)).isTrue();
    assertThat(consumer().acknowledged()).containsExactly("1 RELEASE");
    assertThat(slot.isAlive()).isFalse();
  }

  private FakeShareConsumer consumer() {
    Awaitility.await().atMost(SOON).until(() -> !consumers.isEmpty());
    return consumers.getFirst();
  }

  private void awaitAcknowledged(String... expected) {
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(consumer().acknowledged()).containsExactly(expected));
  }

  private ShareSlot<String> slot(Duration lockTimeout, Work<String> work) {
    return TestSlots.slot(
        () -> {
          FakeShareConsumer consumer = new FakeShareConsumer(lockTimeout);
          consumers.add(consumer);
          return consumer;
        },
        work,
        occupancy);
  }
}
