package dev.millrace.runtime.share;

import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slots of a {@link ShareWorker}. A slot costs a consumer, which polls the broker also when
 * there is nothing to do. So there is one at first, and whenever none is free their number doubles,
 * up to the limit. What was started stays.
 */
final class ShareSlots {

  /** Makes the slot of an index, counted from 0. */
  @FunctionalInterface
  interface Factory {
    ShareSlot<?> create(int index, ShareSlot.Occupancy occupancy);
  }

  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ShareSlot<?>> slots = new ArrayList<>();
  private int busy;
  private boolean stopping;

  ShareSlots(int limit) {
    this.limit = limit;
  }

  void start(Factory factory) {
    lock.lock();
    try {
      startUpTo(1, factory, new Growth(factory));
    } finally {
      lock.unlock();
    }
  }

  private void startUpTo(int count, Factory factory, ShareSlot.Occupancy occupancy) {
    while (slots.size() < count && !stopping) {
      ShareSlot<?> slot = factory.create(slots.size(), occupancy);
      slots.add(slot);
      slot.start();
    }
  }

  /** Counts, and sees to it that a slot is free. */
  private final class Growth implements ShareSlot.Occupancy {
    private final Factory factory;

    Growth(Factory factory) {
      this.factory = factory;
    }

    @Override
    public void begun() {
      lock.lock();
      try {
        busy++;
        if (busy == slots.size()) {
          startUpTo(Math.min(limit, 2 * slots.size()), factory, this);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void ended() {
      lock.lock();
      try {
        busy--;
      } finally {
        lock.unlock();
      }
    }
  }

  /** Deliveries in work now. */
  int busy() {
    lock.lock();
    try {
      return busy;
    } finally {
      lock.unlock();
    }
  }

  /** Whether all slots that were started are running. */
  Health check() {
    List<ShareSlot<?>> started = started();
    long alive = started.stream().filter(ShareSlot::isAlive).count();
    return alive > 0 && alive == started.size()
        ? Health.UP
        : Health.down("%d of %d slots run".formatted(alive, Math.max(1, started.size())));
  }

  /** Starts no further slot, and lets those that run take no further delivery. */
  void requestStop() {
    lock.lock();
    try {
      stopping = true;
    } finally {
      lock.unlock();
    }
    started().forEach(ShareSlot::requestStop);
  }

  /** Interrupts the deliveries in work. */
  void interrupt() {
    started().forEach(ShareSlot::interrupt);
  }

  /** Whether all stopped within this time. */
  boolean awaitStop(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean stopped = true;
    for (ShareSlot<?> slot : started()) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      stopped &= slot.awaitStop(left);
    }
    return stopped;
  }

  private List<ShareSlot<?>> started() {
    lock.lock();
    try {
      return List.copyOf(slots);
    } finally {
      lock.unlock();
    }
  }
}
