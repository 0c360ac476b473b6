package dev.millrace.runtime.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShareSlotsTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final List<FakeShareConsumer> consumers = new CopyOnWriteArrayList<>();
  private final Semaphore mayEnd = new Semaphore(0);
  private final ShareSlots slots = new ShareSlots(5);

  @AfterEach
  void stop() throws InterruptedException {
    mayEnd.release(100);
    slots.requestStop();
    slots.interrupt();
    assertThat(slots.awaitStop(SOON)).isTrue();
    assertThat(slots.busy()).isZero();
  }

  @Test
  void beginsWithOneSlot() {
    assertThat(slots.check()).isInstanceOf(Health.Down.class);

    slots.start(this::slot);

    awaitConsumers(1);
    assertThat(slots.check()).isEqualTo(Health.UP);
  }

  @Test
  void doublesThemWheneverNoneIsFreeUpToTheLimit() {
    slots.start(this::slot);
    awaitConsumers(1);

    for (int expected : new int[] {2, 4, 5}) {
      consumers.subList(slots.busy(), consumers.size()).forEach(this::give);
      awaitConsumers(expected);
    }
    consumers.subList(slots.busy(), consumers.size()).forEach(this::give);

    Awaitility.await().atMost(SOON).until(() -> slots.busy() == 5);
    assertThat(consumers).hasSize(5);
    assertThat(slots.check()).isEqualTo(Health.UP);
  }

  @Test
  void keepsWhatItHas() {
    slots.start(this::slot);
    awaitConsumers(1);
    give(consumers.getFirst());
    awaitConsumers(2);
    mayEnd.release(3);

    give(consumers.getFirst());
    give(consumers.getFirst());

    Awaitility.await().atMost(SOON).until(() -> consumers.getFirst().acknowledged().size() == 3);
    assertThat(consumers).hasSize(2);
  }

  @Test
  void startsNoneWhileItStops() throws InterruptedException {
    slots.start(this::slot);
    awaitConsumers(1);

    slots.requestStop();
    give(consumers.getFirst());

    assertThat(slots.awaitStop(SOON)).isTrue();
    assertThat(consumers).hasSize(1);
  }

  private void give(FakeShareConsumer consumer) {
    consumer.give(Records.delivery(1, "work", 1));
  }

  private void awaitConsumers(int count) {
    Awaitility.await().atMost(SOON).until(() -> consumers.size() == count);
  }

  private ShareSlot<?> slot(int index, ShareSlot.Occupancy occupancy) {
    return TestSlots.slot(
        () -> {
          FakeShareConsumer consumer = new FakeShareConsumer(Duration.ofMinutes(1));
          consumers.add(consumer);
          return consumer;
        },
        _ -> mayEnd.acquire(),
        occupancy);
  }
}
