package dev.millrace.runtime.kafka;

import static java.util.Objects.requireNonNull;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.UndecodableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Follows all partitions of some topics, without a group, as long as the app runs. {@link #start}
 * returns when it has read what was there, if it reads from the beginning, or when it knows from
 * where on it follows. A record that its listener fails on is passed over: no record ends a tail.
 */
public final class TopicTail implements Component {

  private static final Logger log = LoggerFactory.getLogger(TopicTail.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final KafkaClients kafka;
  private final String role;
  private final List<String> topics;
  private final From from;
  private final RecordListener listener;
  private final Pace pace;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private volatile @Nullable Thread thread;

  /** Where a tail starts to read. */
  public sealed interface From {

    /** The oldest record there is. */
    From BEGINNING = new Beginning();

    /** The first record that is written from now on. */
    From END = new End();

    /** The first record that is not older than this when the tail starts. */
    static From since(Duration age) {
      return new Since(age);
    }
  }

  private record Beginning() implements From {}

  private record End() implements From {}

  private record Since(Duration age) implements From {}

  /** How soon a record is seen that is written while the tail follows. */
  public enum Pace {
    /** At once, each with a fetch of its own if it comes alone. */
    AT_ONCE(ConsumerConfig.DEFAULT_FETCH_MIN_BYTES, ConsumerConfig.DEFAULT_FETCH_MAX_WAIT_MS),
    /** Before anybody who looks at it notices, with all others of that time. */
    SOON(1 << 16, 50),
    /** Within a fifth of a second, with all others of that time: every fetch costs both sides. */
    GATHERED(1 << 20, 200);

    private final int fetchMinBytes;
    private final int fetchMaxWaitMs;

    Pace(int fetchMinBytes, int fetchMaxWaitMs) {
      this.fetchMinBytes = fetchMinBytes;
      this.fetchMaxWaitMs = fetchMaxWaitMs;
    }
  }

  /**
   * @param role what tells its consumer from the app's other clients
   */
  public TopicTail(
      KafkaClients kafka,
      String role,
      List<String> topics,
      From from,
      Pace pace,
      RecordListener listener) {
    this.pace = pace;
    this.kafka = kafka;
    this.role = role;
    this.topics = List.copyOf(topics);
    this.from = from;
    this.listener = listener;
  }

  @Override
  public void start() throws InterruptedException {
    consumer =
        kafka.consumer(
            role,
            null,
            Map.of(
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                from instanceof End ? "latest" : "earliest",
                ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                pace.fetchMinBytes,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                pace.fetchMaxWaitMs));
    Thread running = Thread.ofPlatform().name(kafka.app() + "-" + role).start(this::run);
    thread = running;
    while (!caughtUp.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
      if (!running.isAlive()) {
        throw new IllegalStateException("the tail " + role + " ended; the log has the reason");
      }
    }
  }

  /** Whether it still follows. */
  public Health check() {
    Thread running = thread;
    return running != null && running.isAlive()
        ? Health.UP
        : Health.down("the tail " + role + " does not follow its topics");
  }

  private void run() {
    Consumer<byte[], byte[]> following = consumer;
    if (following == null) {
      return;
    }
    try (following) {
      while (!stopping) {
        try {
          follow(following);
        } catch (WakeupException | InterruptException e) {
          log.atDebug().addKeyValue("role", role).log("woken up to stop");
        } catch (KafkaException e) {
          log.atWarn()
              .addKeyValue("role", role)
              .addKeyValue("reason", e.getMessage())
              .log("will follow again");
          pause();
        }
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> following) {
    if (following.assignment().isEmpty()) {
      assign(following);
    }
    Set<TopicPartition> toRead =
        caughtUp.getCount() > 0 ? new HashSet<>(following.assignment()) : new HashSet<>();
    Map<TopicPartition, Long> ends = following.endOffsets(toRead);
    long lookAgain = System.nanoTime() + LOOK_FOR_PARTITIONS.toNanos();
    while (!stopping) {
      for (ConsumerRecord<byte[], byte[]> record : following.poll(POLL)) {
        handOver(record);
      }
      if (caughtUp.getCount() > 0) {
        toRead.removeIf(partition -> following.position(partition) >= end(ends, partition));
        if (toRead.isEmpty()) {
          caughtUp.countDown();
        }
      }
      if (System.nanoTime() > lookAgain) {
        assignNew(following);
        lookAgain = System.nanoTime() + LOOK_FOR_PARTITIONS.toNanos();
      }
    }
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return requireNonNull(ends.get(partition), "the end of " + partition);
  }

  private void assign(Consumer<byte[], byte[]> following) {
    Set<TopicPartition> all = partitions(following);
    following.assign(all);
    switch (from) {
      case Beginning _ -> following.seekToBeginning(all);
      case End _ -> following.seekToEnd(all);
      case Since(Duration age) -> seek(following, all, Instant.now().minus(age));
    }
    all.forEach(following::position);
  }

  private static void seek(
      Consumer<byte[], byte[]> following, Set<TopicPartition> all, Instant since) {
    Map<TopicPartition, Long> ends = following.endOffsets(all);
    Map<TopicPartition, OffsetAndTimestamp> found =
        following.offsetsForTimes(
            all.stream()
                .collect(Collectors.toMap(partition -> partition, _ -> since.toEpochMilli())));
    for (TopicPartition partition : all) {
      OffsetAndTimestamp first = found.get(partition);
      following.seek(partition, first == null ? end(ends, partition) : first.offset());
    }
  }

  /** Partitions that were added to a topic are read from their beginning. */
  private void assignNew(Consumer<byte[], byte[]> following) {
    Set<TopicPartition> all = partitions(following);
    Set<TopicPartition> added = new HashSet<>(all);
    added.removeAll(following.assignment());
    if (!added.isEmpty()) {
      all.addAll(following.assignment());
      following.assign(all);
      following.seekToBeginning(added);
    }
  }

  private Set<TopicPartition> partitions(Consumer<byte[], byte[]> following) {
    return topics.stream()
        .flatMap(topic -> partitions(following, topic).stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static List<PartitionInfo> partitions(Consumer<byte[], byte[]> following, String topic) {
    List<PartitionInfo> found = following.partitionsFor(topic);
    if (found.isEmpty()) {
      throw new UnknownTopicOrPartitionException("the broker does not know " + topic + " yet");
    }
    return found;
  }

  void handOver(ConsumerRecord<byte[], byte[]> record) {
    while (!stopping) {
      try {
        listener.accept(record);
        return;
      } catch (UndecodableException e) {
        passedOver(record)
            .addKeyValue("reason", e.getMessage())
            .log("passed over a record that cannot be read");
        return;
      } catch (RegistryUnavailableException e) {
        log.atInfo().addKeyValue("role", role).log("waiting for the schema registry");
        pause();
      } catch (RuntimeException | StackOverflowError e) {
        passedOver(record).setCause(e).log("passed over a record that cannot be taken up");
        return;
      }
    }
  }

  private LoggingEventBuilder passedOver(ConsumerRecord<byte[], byte[]> record) {
    return log.atWarn()
        .addKeyValue("role", role)
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset());
  }

  private void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
    } catch (InterruptedException e) {
      if (!stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void stop() {
    stopping = true;
    Consumer<byte[], byte[]> following = consumer;
    Thread running = thread;
    if (following == null || running == null) {
      return;
    }
    following.wakeup();
    try {
      if (!running.join(STOP_TIMEOUT)) {
        running.interrupt();
        running.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
