package dev.millrace.audit.mirror;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the assigned partitions stand. A partition is <em>placed</em> once the consumer reads it
 * from the offset that the mirror has stored; until then it is paused. Whatever goes wrong, whether
 * a write failed, its outcome is unknown or another sink took over, the cure is the same: all
 * partitions are displaced and placed again from what is stored. Used by one thread.
 */
final class Placement implements ConsumerRebalanceListener {

  private final Consumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> placed = new HashMap<>();
  private final Set<TopicPartition> displaced = new HashSet<>();
  private boolean assigned;

  Placement(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Whether the group has given this consumer its partitions, be they none. */
  boolean isAssigned() {
    return assigned;
  }

  /** Partitions that are not placed. */
  Set<TopicPartition> displaced() {
    return Set.copyOf(displaced);
  }

  /** Partitions that are placed. */
  Set<TopicPartition> placed() {
    return Set.copyOf(placed.keySet());
  }

  /** Reads partitions from these offsets on. */
  void place(Map<TopicPartition, Long> positions) {
    positions.forEach((partition, offset) -> {
      consumer.seek(partition, offset);
      placed.put(partition, offset);
      displaced.remove(partition);
    });
    consumer.resume(positions.keySet());
  }

  /** Pauses all partitions until they are placed again. */
  void displaceAll() {
    List<TopicPartition> all = new ArrayList<>(placed.keySet());
    consumer.pause(all);
    displaced.addAll(all);
    placed.clear();
  }

  /** The step of a partition to a later offset. */
  Advance advance(TopicPartition partition, long next) {
    Long expected = placed.get(partition);
    if (expected == null) {
      throw new IllegalStateException(partition + " has records and is not placed");
    }
    return new Advance(expected, next);
  }

  /** The mirror has stored these steps. */
  void advanced(Map<TopicPartition, Advance> advances) {
    advances.forEach((partition, step) -> placed.put(partition, step.next()));
  }

  /** A position is set at once, though not the right one: a consumer without one fails its poll. */
  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    assigned = true;
    for (TopicPartition partition : partitions) {
      consumer.seek(partition, 0);
      placed.remove(partition);
      displaced.add(partition);
    }
    consumer.pause(partitions);
  }

  /** Nothing is in flight while the consumer polls: every batch is written between two polls. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    partitions.forEach(placed::remove);
    displaced.removeAll(partitions);
  }
}
