package dev.millrace.router.routing;

import dev.millrace.router.queue.QueueName;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Which partition owns a queue: the one that Kafka's default partitioner chooses for the queue's
 * name as the key. A record that arrives there needs no detour to the thread that owns its queue.
 *
 * @param count number of partitions
 */
public record QueuePartitions(int count) {

  public QueuePartitions {
    if (count < 1) {
      throw new IllegalArgumentException("there is at least 1 partition, not " + count);
    }
  }

  /** The partition that owns the queue. */
  public int of(QueueName queue) {
    byte[] key = queue.value().getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(key)) % count;
  }
}
