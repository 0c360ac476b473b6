package dev.millrace.audit.mirror;

import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jdbi.v3.core.Jdbi;

/**
 * Compares the mirror with Kafka, offset by offset. The difference of two offsets is no count:
 * transaction markers, aborted and compacted records leave gaps. So the records are read.
 */
public final class MirrorCounts {

  private static final Duration POLL = Duration.ofMillis(200);

  private static final String POSITION =
      "SELECT next_offset FROM audit.offsets WHERE topic = :topic AND partition = :partition";

  private static final String OFFSETS =
      """
      SELECT "offset" FROM audit.records
      WHERE topic = :topic AND partition = :partition AND "offset" >= :from AND "offset" < :to\
      """;

  /** Offsets are remembered as bits: enough for two billion in a partition, 256 MB at worst. */
  private static final long MAX_SPAN = Integer.MAX_VALUE;

  private final Jdbi jdbi;

  public MirrorCounts(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What was found for one partition, among the offsets that Kafka still has.
   *
   * @param onKafka committed records that Kafka has, up to where the mirror stands
   * @param mirrored rows that the mirror has of those offsets
   * @param missing records that Kafka has and the mirror has not
   * @param further rows that the mirror has and Kafka has not, as of compacted records
   * @param behind offsets of Kafka that the mirror has not come to yet
   */
  public record PartitionCount(
      String topic,
      int partition,
      long onKafka,
      long mirrored,
      long missing,
      long further,
      long behind) {

    /** Whether there was nothing to compare, and nothing is to come. */
    public boolean isEmpty() {
      return onKafka == 0 && mirrored == 0 && behind == 0;
    }

    /**
     * Whether the mirror has what Kafka has, each record once.
     *
     * @param compacted whether Kafka may have dropped records in between
     */
    public boolean isEqual(boolean compacted) {
      return missing == 0 && (compacted || further == 0) && mirrored == onKafka - missing + further;
    }
  }

  /**
   * Compares topics, each partition up to where the mirror stands now.
   *
   * @param consumer one without a group that reads committed records only; its partitions are
   *     assigned here
   * @param topics names of the topics that are compared, of those on the broker
   * @param timeout after which a partition that cannot be read to its end has failed
   * @return by topic and partition
   * @throws IllegalStateException if a partition cannot be read to its end in time
   */
  public List<PartitionCount> compare(
      Consumer<byte[], byte[]> consumer, Predicate<String> topics, Duration timeout) {
    List<TopicPartition> partitions =
        consumer.listTopics().entrySet().stream()
            .filter(entry -> topics.test(entry.getKey()))
            .flatMap(entry -> entry.getValue().stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .sorted(
                Comparator.comparing(TopicPartition::topic)
                    .thenComparingInt(TopicPartition::partition))
            .toList();
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return partitions.stream()
        .map(partition -> {
          long from = beginnings.getOrDefault(partition, 0L);
          long end = Math.max(from, ends.getOrDefault(partition, 0L));
          long to = Math.clamp(position(partition), from, end);
          return compare(consumer, partition, from, to, end - to, timeout);
        })
        .toList();
  }

  private PartitionCount compare(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      long behind,
      Duration timeout) {
    if (to - from > MAX_SPAN) {
      throw new IllegalStateException(
          "%s has %d offsets; at most %d can be compared"
              .formatted(partition, to - from, MAX_SPAN));
    }
    BitSet kafka = onKafka(consumer, partition, from, to, timeout);
    Collected mirror = mirrored(partition, from, to);
    BitSet missing = (BitSet) kafka.clone();
    missing.andNot(mirror.offsets());
    BitSet further = (BitSet) mirror.offsets().clone();
    further.andNot(kafka);
    return new PartitionCount(
        partition.topic(),
        partition.partition(),
        kafka.cardinality(),
        mirror.rows(),
        missing.cardinality(),
        further.cardinality(),
        behind);
  }

  /** Offset from which on the mirror has nothing yet. */
  private long position(TopicPartition partition) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(POSITION)
            .bind("topic", partition.topic())
            .bind("partition", partition.partition())
            .mapTo(Long.class)
            .findOne()
            .orElse(0L));
  }

  private static BitSet onKafka(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      Duration timeout) {
    BitSet offsets = new BitSet();
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (consumer.position(partition) < to) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "%s could not be read up to %d within %s".formatted(partition, to, timeout));
      }
      Collection<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() < to) {
          offsets.set(Math.toIntExact(record.offset() - from));
        }
      }
    }
    return offsets;
  }

  /** Rows and the offsets they have: more rows than offsets would be doubles. */
  private record Collected(long rows, BitSet offsets) {}

  private Collected mirrored(TopicPartition partition, long from, long to) {
    BitSet offsets = new BitSet();
    long rows =
        jdbi.withHandle(handle ->
            handle
                .createQuery(OFFSETS)
                .bind("topic", partition.topic())
                .bind("partition", partition.partition())
                .bind("from", from)
                .bind("to", to)
                .mapTo(Long.class)
                .reduce(
                    0L,
                    (count, offset) -> {
                      offsets.set(Math.toIntExact(offset - from));
                      return count + 1;
                    }));
    return new Collected(rows, offsets);
  }
}
