package dev.millrace.runtime.share;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot of a {@link ShareWorker}: takes a delivery, lets the work run on a thread of its own,
 * renews the lock meanwhile, and acknowledges how it ended. A slot never works on two deliveries:
 * work whose lock is lost is interrupted before the next one is taken. A consumer that fails is
 * replaced.
 */
final class ShareSlot<T> {

  /** Told when a slot begins and ends to work on a delivery. */
  interface Occupancy {
    void begun();

    void ended();
  }

  private static final Logger log = LoggerFactory.getLogger(ShareSlot.class);

  /**
   * Short, because a slot that was handed only the marker of a transaction fetches again only at
   * its next poll. Not shorter, because each poll that ends while a delivery arrives may fetch a
   * second one, which then waits for the next renewal of the first.
   */
  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  /** How long interrupted work may take to end before its delivery is released without it. */
  private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(4);

  /** The broker's default. */
  private static final Duration DEFAULT_LOCK = Duration.ofSeconds(30);

  /** A lock outlasts two renewals that fail. */
  private static final int RENEWALS_PER_LOCK = 3;

  private final String name;
  private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
  private final List<String> topics;
  private final DeliveryHandler<T> handler;
  private final Occupancy occupancy;
  private final Thread thread;
  private volatile boolean stopping;

  ShareSlot(
      String name,
      Supplier<ShareConsumer<byte[], byte[]>> consumers,
      List<String> topics,
      DeliveryHandler<T> handler,
      Occupancy occupancy) {
    this.name = name;
    this.consumers = consumers;
    this.topics = topics;
    this.handler = handler;
    this.occupancy = occupancy;
    // A consumer that waits for a broker or for topics spins inside its poll: on virtual threads a
    // handful of them starve everything else.
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Takes no further delivery; the one in work goes on. */
  void requestStop() {
    stopping = true;
  }

  /** Interrupts the delivery in work, which is released then. */
  void interrupt() {
    thread.interrupt();
  }

  /** Whether it stopped within this time. */
  boolean awaitStop(Duration timeout) throws InterruptedException {
    return thread.join(timeout);
  }

  private void run() {
    while (!stopping) {
      try (ShareConsumer<byte[], byte[]> consumer = consumers.get()) {
        consumer.setAcknowledgementCommitCallback(this::acknowledged);
        consumer.subscribe(topics);
        while (!stopping) {
          pollOnce(consumer);
        }
      } catch (InterruptException | InterruptedException e) {
        return;
      } catch (KafkaException | IllegalStateException e) {
        log.atWarn()
            .addKeyValue("slot", name)
            .addKeyValue("reason", e.getMessage())
            .log("the consumer failed and is replaced");
        pause();
      }
    }
  }

  private void pollOnce(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    long start = System.nanoTime();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_TIMEOUT);
    if (records.isEmpty()) {
      // Without a broker a poll may come back at once.
      Thread.sleep(POLL_TIMEOUT.minusNanos(System.nanoTime() - start));
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (stopping) {
        release(consumer, record);
      } else {
        process(consumer, record);
      }
    }
  }

  private void process(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    Duration renewal =
        consumer
            .acquisitionLockTimeoutMs()
            .map(Duration::ofMillis)
            .orElse(DEFAULT_LOCK)
            .dividedBy(RENEWALS_PER_LOCK);
    occupancy.begun();
    InWork inWork = new InWork(record);
    ConsumerRecord<byte[], byte[]> held = record;
    try {
      while (!inWork.hasEnded(renewal)) {
        held = renew(consumer, held, renewal);
      }
      // Goes out with the next poll, in the request that asks for the next delivery.
      consumer.acknowledge(held, inWork.outcome());
    } catch (InterruptException | InterruptedException e) {
      boolean _ = Thread.interrupted();
      inWork.cancel();
      release(consumer, held);
      throw new InterruptedException("the slot is stopped");
    } catch (KafkaException | IllegalStateException e) {
      inWork.cancel();
      throw e;
    } finally {
      occupancy.ended();
    }
  }

  /** A delivery in work, on a thread of its own. */
  private final class InWork {

    private final FutureTask<AcknowledgeType> task;
    private final Thread worker;
    private volatile boolean cancelled;

    InWork(ConsumerRecord<byte[], byte[]> record) {
      int attempt = record.deliveryCount().map(Short::intValue).orElse(1);
      task = new FutureTask<>(() -> handler.handle(record, attempt, () -> cancelled));
      worker = Thread.ofVirtual().name(name + "-work").start(task);
    }

    boolean hasEnded(Duration timeout) throws InterruptedException {
      try {
        task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        throw new IllegalStateException("an outcome is a value, never a failure", e.getCause());
      }
    }

    AcknowledgeType outcome() {
      return task.resultNow();
    }

    /** Interrupts the work and waits for its end. */
    void cancel() throws InterruptedException {
      cancelled = true;
      worker.interrupt();
      if (!worker.join(INTERRUPT_GRACE)) {
        log.atWarn().addKeyValue("slot", name).log("the work goes on although it was interrupted");
      }
    }
  }

  /**
   * Renews the lock of a delivery and returns the copy that is to be acknowledged from now on.
   * Renewal and commit come before the poll, which then gives the same record back and no other:
   * renewing through {@code poll} alone acquires one more (KAFKA-20458).
   */
  private ConsumerRecord<byte[], byte[]> renew(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> held, Duration limit) {
    consumer.acknowledge(held, AcknowledgeType.RENEW);
    throwFirst(consumer.commitSync());
    long deadline = System.nanoTime() + limit.toNanos();
    do {
      ConsumerRecord<byte[], byte[]> renewed = null;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
        if (isSame(record, held)) {
          renewed = record;
        } else {
          consumer.acknowledge(record, AcknowledgeType.RELEASE);
        }
      }
      if (renewed != null) {
        return renewed;
      }
    } while (System.nanoTime() < deadline);
    throw new KafkaException(
        "the lock of %s-%d offset %d was not renewed"
            .formatted(held.topic(), held.partition(), held.offset()));
  }

  private static boolean isSame(ConsumerRecord<?, ?> record, ConsumerRecord<?, ?> other) {
    return record.topic().equals(other.topic())
        && record.partition() == other.partition()
        && record.offset() == other.offset();
  }

  /** How acknowledgements fared; a lost one costs nothing but the work of another delivery. */
  private void acknowledged(Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception failure) {
    if (failure != null) {
      log.atWarn()
          .addKeyValue("slot", name)
          .addKeyValue("offsets", offsets)
          .addKeyValue("reason", failure.getMessage())
          .log("an acknowledgement was lost; the delivery comes again when its lock expires");
    }
  }

  private void release(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> held) {
    try {
      consumer.acknowledge(held, AcknowledgeType.RELEASE);
      throwFirst(consumer.commitSync());
    } catch (KafkaException | IllegalStateException e) {
      log.atInfo()
          .addKeyValue("slot", name)
          .addKeyValue("reason", e.getMessage())
          .log("a delivery was not released; its lock will expire");
    }
  }

  private static void throwFirst(Map<TopicIdPartition, Optional<KafkaException>> results) {
    results.values().stream()
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(failure -> {
          throw failure;
        });
  }

  private void pause() {
    try {
      Thread.sleep(RETRY_INTERVAL);
    } catch (InterruptedException e) {
      stopping = true;
    }
  }
}
