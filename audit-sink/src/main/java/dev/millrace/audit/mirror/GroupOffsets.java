package dev.millrace.audit.mirror;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells operators how far the mirror is: the group's offsets on Kafka and the lag meters, once a
 * second. The mirror itself reads neither; what counts is stored with the rows.
 */
final class GroupOffsets {

  private static final Logger log = LoggerFactory.getLogger(GroupOffsets.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(2);

  private final Consumer<byte[], byte[]> consumer;
  private final MirrorMetrics metrics;
  private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();
  private long reportedNanos = System.nanoTime();

  GroupOffsets(Consumer<byte[], byte[]> consumer, MirrorMetrics metrics) {
    this.consumer = consumer;
    this.metrics = metrics;
  }

  void advanced(Map<TopicPartition, Advance> advances) {
    advances.forEach(
        (partition, step) -> pending.put(partition, new OffsetAndMetadata(step.next())));
  }

  void report(Set<TopicPartition> placed) {
    if (System.nanoTime() - reportedNanos < INTERVAL.toNanos()) {
      return;
    }
    reportedNanos = System.nanoTime();
    pending.keySet().retainAll(placed);
    if (!pending.isEmpty()) {
      consumer.commitAsync(Map.copyOf(pending), GroupOffsets::committed);
      pending.clear();
    }
    Map<String, Long> lag = new HashMap<>();
    for (TopicPartition partition : placed) {
      consumer
          .currentLag(partition)
          .ifPresent(records -> lag.merge(partition.topic(), records, Long::sum));
    }
    metrics.lag(lag);
  }

  /** Reports what is left, before the consumer closes. */
  void reportLast() {
    try {
      consumer.commitSync(pending, LAST_COMMIT);
    } catch (KafkaException e) {
      committed(pending, e);
    }
  }

  private static void committed(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    if (failure != null) {
      log.atDebug()
          .addKeyValue("partitions", offsets.size())
          .setCause(failure)
          .log("the group's offsets on Kafka were not updated; the mirror does not use them");
    }
  }
}
