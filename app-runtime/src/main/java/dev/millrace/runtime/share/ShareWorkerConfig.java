package dev.millrace.runtime.share;

import java.time.Duration;
import java.util.List;

/**
 * How a worker takes work.
 *
 * @param group share group; all workers of one kind are in one group
 * @param topics topics the work is on
 * @param slots deliveries in work at once
 * @param maxDeliveries after how many deliveries a record goes to the dead letters, 1 to 9
 * @param stopGrace how long work in flight may go on when the worker stops
 */
public record ShareWorkerConfig(
    String group, List<String> topics, int slots, int maxDeliveries, Duration stopGrace) {

  /** Deliveries of a record before it is given up. */
  public static final int DEFAULT_MAX_DELIVERIES = 5;

  /**
   * Deliveries after which the broker drops a record without a word, and the most that its default
   * settings let a group ask for. Those between this and {@code maxDeliveries} are left for workers
   * that die or are stopped.
   */
  static final int BROKER_DELIVERY_LIMIT = 10;

  private static final int MAX_SLOTS = 1_024;

  public ShareWorkerConfig {
    topics = List.copyOf(topics);
    if (slots < 1 || slots > MAX_SLOTS) {
      throw new IllegalArgumentException("slots: expected 1 to " + MAX_SLOTS + ", found " + slots);
    }
    if (maxDeliveries < 1 || maxDeliveries >= BROKER_DELIVERY_LIMIT) {
      throw new IllegalArgumentException(
          "maxDeliveries: expected 1 to %d, found %d"
              .formatted(BROKER_DELIVERY_LIMIT - 1, maxDeliveries));
    }
  }
}
