package dev.millrace.audit.mirror;

import dev.millrace.schemas.serde.RegistryUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mirrors the partitions of one consumer. Each poll is written before the next: a batch waits for
 * nothing, and memory holds one poll. While Postgres or the registry is away, the partitions are
 * paused and the consumer goes on polling, so that it stays in its group. Used by one thread.
 */
final class MirrorLoop {

  private static final Logger log = LoggerFactory.getLogger(MirrorLoop.class);

  /** How long a poll waits for records. */
  private static final Duration POLL = Duration.ofMillis(500);

  /** How long a poll takes while partitions wait to be placed. */
  private static final Duration WAITING_POLL = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final MirrorStore store;
  private final RecordWriter writer;
  private final BooleanSupplier registryAvailable;
  private final MirrorLimits limits;
  private final MirrorStatus status;
  private final MirrorMetrics metrics;
  private final Placement placement;
  private final GroupOffsets groupOffsets;
  private final Backoff backoff;
  private BooleanSupplier obstacleGone = () -> true;
  private long retryAtNanos = System.nanoTime();

  MirrorLoop(
      Consumer<byte[], byte[]> consumer,
      MirrorStore store,
      RecordWriter writer,
      BooleanSupplier registryAvailable,
      MirrorLimits limits,
      MirrorStatus status,
      MirrorMetrics metrics) {
    this.consumer = consumer;
    this.store = store;
    this.writer = writer;
    this.registryAvailable = registryAvailable;
    this.limits = limits;
    this.status = status;
    this.metrics = metrics;
    this.placement = new Placement(consumer);
    this.groupOffsets = new GroupOffsets(consumer, metrics);
    this.backoff = new Backoff(limits.retryBackoff());
  }

  /** Joins the group. */
  void subscribe(Pattern topics) {
    consumer.subscribe(topics, placement);
  }

  /** Polls once and writes what came. */
  void step() {
    placeDisplaced();
    ConsumerRecords<byte[], byte[]> polled;
    try {
      polled = consumer.poll(placement.displaced().isEmpty() ? POLL : WAITING_POLL);
    } catch (OffsetOutOfRangeException e) {
      moveToBeginning(e.offsetOutOfRangePartitions());
      return;
    }
    mirror(polled);
    groupOffsets.report(placement.placed());
  }

  /** Tells the group how far it came; the consumer may be closed then. */
  void finish() {
    groupOffsets.reportLast();
  }

  private void placeDisplaced() {
    Set<TopicPartition> displaced = placement.displaced();
    if (displaced.isEmpty()) {
      if (placement.isAssigned()) {
        status.mirroring();
      }
      return;
    }
    if (System.nanoTime() - retryAtNanos < 0) {
      return;
    }
    if (!obstacleGone.getAsBoolean()) {
      retryLater();
      return;
    }
    try {
      placement.place(store.positions(consumer.beginningOffsets(displaced)));
      status.mirroring();
    } catch (SQLException e) {
      waitFor("Postgres: " + e.getMessage(), () -> true);
    } catch (TimeoutException e) {
      waitFor("Kafka: " + e.getMessage(), () -> true);
    }
  }

  private void mirror(ConsumerRecords<byte[], byte[]> polled) {
    if (polled.nextOffsets().isEmpty()) {
      return;
    }
    List<List<ConsumerRecord<byte[], byte[]>>> chunks =
        Chunks.of(polled, limits.batchRows(), limits.batchBytes());
    try {
      for (int i = 0; i < chunks.size(); i++) {
        write(chunks.get(i), i == chunks.size() - 1 ? polled : ConsumerRecords.empty());
      }
      backoff.reset();
    } catch (SQLException e) {
      waitFor("Postgres: " + e.getMessage(), () -> true);
    } catch (RegistryUnavailableException e) {
      waitFor(String.valueOf(e.getMessage()), registryAvailable);
    } catch (TakenOverException e) {
      waitFor(String.valueOf(e.getMessage()), () -> true);
    }
  }

  /** Writes one piece; the last one also passes what holds no records, as transaction markers. */
  private void write(
      List<ConsumerRecord<byte[], byte[]>> records, ConsumerRecords<byte[], byte[]> ending)
      throws SQLException, TakenOverException {
    long start = System.nanoTime();
    Map<TopicPartition, Advance> advances = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      advances.put(partition, placement.advance(partition, record.offset() + 1));
    }
    ending
        .nextOffsets()
        .forEach((partition, next) ->
            advances.put(partition, placement.advance(partition, next.offset())));
    writer.write(records, advances);
    placement.advanced(advances);
    groupOffsets.advanced(advances);
    metrics.written(records, Duration.ofNanos(System.nanoTime() - start));
  }

  private void waitFor(String reason, BooleanSupplier gone) {
    log.atWarn().addKeyValue("reason", reason).log("the mirror waits; nothing is lost");
    status.waiting(reason);
    obstacleGone = gone;
    placement.displaceAll();
    retryLater();
  }

  private void retryLater() {
    retryAtNanos = System.nanoTime() + backoff.next().toNanos();
  }

  /** Kafka dropped records before they were mirrored, or the topic was deleted and made again. */
  private void moveToBeginning(Map<TopicPartition, Long> outOfRange) {
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(outOfRange.keySet());
    outOfRange.forEach((partition, position) -> {
      long beginning = beginnings.getOrDefault(partition, 0L);
      metrics.lost(Math.max(0, beginning - position));
      log.atError()
          .addKeyValue("partition", partition)
          .addKeyValue("mirrored_up_to", position)
          .addKeyValue("begins_at", beginning)
          .log(
              "the partition does not have the offset the mirror stands at; going on where it"
                  + " begins");
    });
    Map<TopicPartition, Reset> resets = new HashMap<>();
    outOfRange.forEach((partition, position) ->
        resets.put(partition, new Reset(position, beginnings.getOrDefault(partition, 0L))));
    try {
      store.reset(resets);
      placement.displaceAll();
    } catch (SQLException e) {
      waitFor("Postgres: " + e.getMessage(), () -> true);
    }
  }
}
