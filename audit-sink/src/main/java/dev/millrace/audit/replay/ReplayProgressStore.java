package dev.millrace.audit.replay;

import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Where Kafka keeps how far a replay is: beside an offset of a group of its own, which is committed
 * with the records of a batch.
 */
final class ReplayProgressStore {

  private static final Duration ANSWER = Duration.ofSeconds(30);

  /** Brokers take no more with an offset unless they are told to. */
  private static final int MAX_METADATA = 4_096;

  /** A partition that is there; the offset is a count of records, no place of it. */
  private static final TopicPartition PLACE = new TopicPartition(Topics.REPLAY_COMMANDS.name(), 0);

  private final KafkaClients kafka;
  private final String group;

  ReplayProgressStore(KafkaClients kafka, String replayId) {
    this.kafka = kafka;
    this.group = "replay-" + replayId;
  }

  /** Name of the group, and of the transactions that commit to it. */
  String name() {
    return group;
  }

  /** The group as producers name it. */
  ConsumerGroupMetadata metadata() {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      return consumer.groupMetadata();
    }
  }

  /** Keeps how far a replay is, in the transaction that the producer is in. */
  static void keep(
      Producer<byte[], byte[]> producer, ConsumerGroupMetadata group, ReplayProgress progress) {
    String text = progress.encoded();
    // Of very many partitions at once there is no room: the batch counts from its report then.
    String metadata = text.length() <= MAX_METADATA ? text : "";
    producer.sendOffsetsToTransaction(
        Map.of(PLACE, new OffsetAndMetadata(progress.written(), metadata)), group);
  }

  /** What was kept, if anything was. */
  Optional<ReplayProgress> read() {
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      return Optional.ofNullable(consumer.committed(Set.of(PLACE), ANSWER).get(PLACE))
          .map(OffsetAndMetadata::metadata)
          .filter(text -> !text.isEmpty())
          .map(ReplayProgress::decode);
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    return kafka.consumer("replay-memory", group, Map.of());
  }

  /** The replay is at its end: nobody asks any more. */
  void forget() {
    var _ = kafka.admin().deleteConsumerGroups(List.of(group));
  }
}
