package dev.millrace.runtime.share;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.failure.Outage;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.runtime.kafka.ReadAgainMarks;
import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.UndecodableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Does the work of one delivery and says how to acknowledge it: accepted, also when the record went
 * to the dead letters, or released to come again. A registry or a broker that is away is waited
 * for, because every release costs one of the deliveries a record has.
 */
final class DeliveryHandler<T> {

  private static final Logger log = LoggerFactory.getLogger(DeliveryHandler.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final Deserializer<T> deserializer;
  private final DeadLetters deadLetters;
  private final Work<T> work;
  private final ReadAgainMarks marks;
  private final int maxDeliveries;

  DeliveryHandler(
      Deserializer<T> deserializer,
      DeadLetters deadLetters,
      Work<T> work,
      ReadAgainMarks marks,
      int maxDeliveries) {
    this.deserializer = deserializer;
    this.deadLetters = deadLetters;
    this.work = work;
    this.marks = marks;
    this.maxDeliveries = maxDeliveries;
  }

  /**
   * Handles a delivery.
   *
   * @param attempt number of the delivery, from 1
   * @param cancelled whether the delivery was taken away meanwhile, so that a failure is none of
   *     the work's own
   */
  AcknowledgeType handle(
      ConsumerRecord<byte[], byte[]> record, int attempt, BooleanSupplier cancelled) {
    marks.mark(record);
    try {
      return handle(record, attempt);
    } catch (InterruptedException | RuntimeException | Error e) {
      return cancelled.getAsBoolean() ? AcknowledgeType.RELEASE : released(record, attempt, e);
    }
  }

  private AcknowledgeType handle(ConsumerRecord<byte[], byte[]> record, int attempt)
      throws InterruptedException {
    if (attempt > maxDeliveries) {
      return giveUp(
          record, "delivered %d times without an end".formatted(attempt - 1), attempt - 1);
    }
    try {
      T value = decode(record);
      if (value == null) {
        return deadLetter(record, Failure.invalid("expected a value, found a tombstone"), attempt);
      }
      work.process(delivery(record, value, attempt));
      return AcknowledgeType.ACCEPT;
    } catch (UndecodableException e) {
      return deadLetter(record, Failure.of(e), attempt);
    } catch (WorkRejectedException | InvalidEventException e) {
      return deadLetter(record, Failure.invalid(String.valueOf(e.getMessage())), attempt);
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      if (attempt < maxDeliveries) {
        throw e;
      }
      return giveUp(
          record, "failed %d times, at last: %s".formatted(attempt, Causes.message(e)), attempt);
    }
  }

  private static <T> Delivery<T> delivery(
      ConsumerRecord<byte[], byte[]> record, T value, int attempt) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    return new Delivery<>(record.topic(), key, value, EventContext.of(record), attempt);
  }

  private AcknowledgeType giveUp(ConsumerRecord<byte[], byte[]> record, String reason, int attempts)
      throws InterruptedException {
    AcknowledgeType outcome = deadLetter(record, Failure.exhausted(reason), attempts);
    try {
      T value = decode(record);
      if (value != null) {
        tellGivenUp(record, delivery(record, value, attempts), reason);
      }
    } catch (UndecodableException e) {
      log.atDebug().setCause(e).log("nobody is told of a record that cannot be read");
    }
    return outcome;
  }

  private void tellGivenUp(
      ConsumerRecord<byte[], byte[]> record, Delivery<T> delivery, String reason)
      throws InterruptedException {
    while (true) {
      try {
        work.givenUp(delivery, reason);
        return;
      } catch (PublishException e) {
        waitFor("the news that the work is given up", record, e);
      }
    }
  }

  private @Nullable T decode(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    while (true) {
      try {
        return deserializer.deserialize(record.topic(), record.headers(), record.value());
      } catch (RegistryUnavailableException e) {
        waitFor("the schema registry", record, e);
      }
    }
  }

  private AcknowledgeType deadLetter(
      ConsumerRecord<byte[], byte[]> record, Failure failure, int attempts)
      throws InterruptedException {
    while (true) {
      try {
        deadLetters.write(record, failure, attempts);
        return AcknowledgeType.ACCEPT;
      } catch (PublishException e) {
        waitFor("the dead letters", record, e);
      }
    }
  }

  private static void waitFor(
      String what, ConsumerRecord<byte[], byte[]> record, RuntimeException e)
      throws InterruptedException {
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("reason", Causes.rootMessage(e))
        .log("waiting for {}", what);
    Thread.sleep(RETRY_INTERVAL);
  }

  private static AcknowledgeType released(
      ConsumerRecord<byte[], byte[]> record, int attempt, Throwable e) {
    LoggingEventBuilder line =
        log.atWarn()
            .addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .addKeyValue("attempt", attempt)
            .addKeyValue("reason", Causes.rootMessage(e));
    (e instanceof Outage ? line : line.setCause(e))
        .log("the work failed; its delivery comes again");
    return AcknowledgeType.RELEASE;
  }
}
