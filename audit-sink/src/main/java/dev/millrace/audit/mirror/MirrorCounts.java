package dev.millrace.audit.mirror;

import java.time.Duration;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

  /** Rows of the mirror by topic. */
  public static final String COUNTS_BY_TOPIC =
      "SELECT topic, count(*) AS records FROM audit.records GROUP BY topic ORDER BY topic";

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
   * What was found for one topic, among the offsets that Kafka still has.
   *
   * @param onKafka committed records that Kafka has
   * @param mirrored rows that the mirror has
   * @param missing records that Kafka has and the mirror has not
   * @param further rows that the mirror has and Kafka has not, as of compacted records
   */
  public record TopicCount(String topic, long onKafka, long mirrored, long missing, long further) {

    /** Whether the mirror has exactly what Kafka has. */
    public boolean isEqual() {
      return missing == 0 && further == 0 && onKafka == mirrored;
    }

    private TopicCount plus(TopicCount other) {
      return new TopicCount(
          topic,
          onKafka + other.onKafka,
          mirrored + other.mirrored,
          missing + other.missing,
          further + other.further);
    }
  }

  /** Rows of the mirror by topic. */
  public Map<String, Long> mirrored() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(COUNTS_BY_TOPIC)
            .reduceRows(
                new TreeMap<>(),
                (counts, row) -> {
                  counts.put(
                      row.getColumn("topic", String.class), row.getColumn("records", Long.class));
                  return counts;
                }));
  }

  /**
   * Compares topics up to where Kafka ends now; what the sink has not mirrored yet is missing.
   *
   * @param consumer one without a group that reads committed records only; its partitions are
   *     assigned here
   * @param topics names of the topics, for example those that {@link #mirrored} knows
   * @param patience after which a partition that cannot be read to its end has failed
   * @throws IllegalStateException if a partition cannot be read to its end in time
   */
  public List<TopicCount> compare(
      Consumer<byte[], byte[]> consumer, Predicate<String> topics, Duration patience) {
    List<TopicPartition> partitions =
        consumer.listTopics().entrySet().stream()
            .filter(entry -> topics.test(entry.getKey()))
            .flatMap(entry -> entry.getValue().stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return partitions.stream()
        .map(partition ->
            compare(
                consumer,
                partition,
                beginnings.getOrDefault(partition, 0L),
                ends.getOrDefault(partition, 0L),
                patience))
        .collect(
            Collectors.toMap(TopicCount::topic, count -> count, TopicCount::plus, TreeMap::new))
        .values()
        .stream()
        .toList();
  }

  private TopicCount compare(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      Duration patience) {
    if (to - from > MAX_SPAN) {
      throw new IllegalStateException(
          "%s has %d offsets; at most %d can be compared"
              .formatted(partition, to - from, MAX_SPAN));
    }
    BitSet kafka = onKafka(consumer, partition, from, to, patience);
    Collected mirror = mirrored(partition, from, to);
    BitSet missing = (BitSet) kafka.clone();
    missing.andNot(mirror.offsets());
    BitSet further = (BitSet) mirror.offsets().clone();
    further.andNot(kafka);
    return new TopicCount(
        partition.topic(),
        kafka.cardinality(),
        mirror.rows(),
        missing.cardinality(),
        further.cardinality());
  }

  private static BitSet onKafka(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long to,
      Duration patience) {
    BitSet offsets = new BitSet();
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + patience.toNanos();
    while (consumer.position(partition) < to) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "%s could not be read up to %d within %s".formatted(partition, to, patience));
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
