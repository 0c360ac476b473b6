package dev.millrace.runtime.share;

import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.UndecodableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot of a {@link ShareWorker}: takes a delivery, lets the work run on a thread of its own,
 * renews the lock meanwhile, and acknowledges how it ended. A consumer that fails is replaced.
 */
final class ShareSlot<T> {

  private static final Logger log = LoggerFactory.getLogger(ShareSlot.class);
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** The broker's default lock, 30 s, outlasts two renewals that fail. */
  private static final Duration RENEWAL_INTERVAL = Duration.ofSeconds(10);

  private final String name;
  private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
  private final ShareWorkerConfig config;
  private final Deserializer<T> deserializer;
  private final DeadLetters deadLetters;
  private final Work<T> work;
  private final AtomicInteger busy;
  private final Thread thread;
  private volatile boolean stopping;

  ShareSlot(
      String name,
      Supplier<ShareConsumer<byte[], byte[]>> consumers,
      ShareWorkerConfig config,
      Deserializer<T> deserializer,
      DeadLetters deadLetters,
      Work<T> work,
      AtomicInteger busy) {
    this.name = name;
    this.consumers = consumers;
    this.config = config;
    this.deserializer = deserializer;
    this.deadLetters = deadLetters;
    this.work = work;
    this.busy = busy;
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
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

  /** Waits for the delivery in work; after the grace it is interrupted and released. */
  void awaitStop(Duration grace) {
    try {
      if (!thread.join(grace.plus(POLL_TIMEOUT))) {
        thread.interrupt();
        if (!thread.join(CLOSE_TIMEOUT)) {
          log.atWarn().addKeyValue("slot", name).log("did not stop; its delivery comes again");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      try (ShareConsumer<byte[], byte[]> consumer = consumers.get()) {
        consumer.subscribe(config.topics());
        while (!stopping) {
          pollOnce(consumer);
        }
      } catch (InterruptException | InterruptedException e) {
        return;
      } catch (KafkaException e) {
        log.atWarn()
            .addKeyValue("slot", name)
            .addKeyValue("reason", e.getMessage())
            .log("the consumer failed and is replaced");
        pause();
      }
    }
  }

  private void pollOnce(ShareConsumer<byte[], byte[]> consumer) throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(POLL_TIMEOUT);
    } catch (WakeupException e) {
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      process(consumer, record);
    }
  }

  private void process(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> record)
      throws InterruptedException {
    int attempt = record.deliveryCount().map(Short::intValue).orElse(1);
    FutureTask<AcknowledgeType> task = new FutureTask<>(() -> outcome(record, attempt));
    busy.incrementAndGet();
    Thread worker = Thread.ofVirtual().name(name + "-work").start(task);
    ConsumerRecord<byte[], byte[]> held = record;
    try {
      while (true) {
        try {
          acknowledge(consumer, held, task.get(RENEWAL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
          return;
        } catch (TimeoutException e) {
          held = renew(consumer, held);
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is a value, never a failure", e.getCause());
    } catch (InterruptedException e) {
      worker.interrupt();
      release(consumer, held);
      throw e;
    } finally {
      busy.decrementAndGet();
    }
  }

  /** Does the work and says how to acknowledge it. */
  private AcknowledgeType outcome(ConsumerRecord<byte[], byte[]> record, int attempt)
      throws InterruptedException {
    try {
      if (attempt > config.maxDeliveries()) {
        bury(
            record,
            Failure.exhausted("delivered " + (attempt - 1) + " times without an end"),
            attempt - 1);
        return AcknowledgeType.ACCEPT;
      }
      T value = deserializer.deserialize(record.topic(), record.headers(), record.value());
      if (value == null) {
        bury(record, Failure.invalid("expected a value, found a tombstone"), attempt);
        return AcknowledgeType.ACCEPT;
      }
      work.process(
          new Delivery<>(
              record.topic(), DeadLetters.key(record), value, EventContext.of(record), attempt));
      return AcknowledgeType.ACCEPT;
    } catch (UndecodableException e) {
      bury(record, Failure.of(e), attempt);
      return AcknowledgeType.ACCEPT;
    } catch (WorkRejectedException e) {
      bury(record, Failure.invalid(String.valueOf(e.getMessage())), attempt);
      return AcknowledgeType.ACCEPT;
    } catch (InterruptException | RegistryUnavailableException | PublishException e) {
      logReleased(record, attempt, e);
      return AcknowledgeType.RELEASE;
    } catch (RuntimeException e) {
      logReleased(record, attempt, e);
      return AcknowledgeType.RELEASE;
    }
  }

  private void bury(ConsumerRecord<byte[], byte[]> record, Failure failure, int attempts)
      throws InterruptedException {
    deadLetters.bury(record, failure, attempts);
  }

  private void logReleased(ConsumerRecord<byte[], byte[]> record, int attempt, Exception e) {
    log.atWarn()
        .addKeyValue("slot", name)
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("attempt", attempt)
        .setCause(e)
        .log("the work failed; its delivery comes again");
  }

  /**
   * Renews the lock of a delivery and returns the copy that is to be acknowledged from now on.
   * Renewal and commit come before the poll, which then gives the same record back and no other:
   * renewing through {@code poll} alone acquires one more (KAFKA-20458).
   */
  private ConsumerRecord<byte[], byte[]> renew(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> held) {
    consumer.acknowledge(held, AcknowledgeType.RENEW);
    throwFirst(consumer.commitSync());
    for (ConsumerRecord<byte[], byte[]> again : consumer.poll(POLL_TIMEOUT)) {
      if (again.topic().equals(held.topic())
          && again.partition() == held.partition()
          && again.offset() == held.offset()) {
        return again;
      }
    }
    throw new KafkaException(
        "the lock of %s-%d offset %d was not renewed"
            .formatted(held.topic(), held.partition(), held.offset()));
  }

  private void acknowledge(
      ShareConsumer<byte[], byte[]> consumer,
      ConsumerRecord<byte[], byte[]> held,
      AcknowledgeType type) {
    consumer.acknowledge(held, type);
    throwFirst(consumer.commitSync());
  }

  private void release(
      ShareConsumer<byte[], byte[]> consumer, ConsumerRecord<byte[], byte[]> held) {
    try {
      acknowledge(consumer, held, AcknowledgeType.RELEASE);
    } catch (KafkaException e) {
      log.atInfo().addKeyValue("slot", name).log("not released; the lock will expire");
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
