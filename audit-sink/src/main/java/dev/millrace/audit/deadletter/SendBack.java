package dev.millrace.audit.deadletter;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.share.Delivery;
import dev.millrace.runtime.share.Work;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.deadletter.DeadLetterAction;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of dead letters to their topics again when somebody decided so. Where a letter
 * does not have its whole record, the mirror has to have it, or nothing is written. A decision that
 * is delivered twice writes the record twice, under one identity.
 */
public final class SendBack implements Work<DeadLetterDecision>, Component {

  private static final Logger log = LoggerFactory.getLogger(SendBack.class);
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Letters letters;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private @Nullable Producer<byte[], byte[]> producer;

  SendBack(Letters letters, Supplier<Producer<byte[], byte[]>> producers) {
    this.letters = letters;
    this.producers = producers;
  }

  /** With these clients. */
  public static SendBack of(KafkaClients kafka, Jdbi jdbi) {
    return new SendBack(
        new Letters(jdbi, kafka.serdes().deserializer(Topics.DEAD_LETTERS)),
        () ->
            new KafkaProducer<>(
                kafka.producerSettings("send-back", DELIVERY_TIMEOUT),
                new ByteArraySerializer(),
                new ByteArraySerializer()));
  }

  @Override
  public synchronized void start() {
    producer = producers.get();
  }

  /** A decision that a replay wrote again was carried out before. */
  @Override
  public void process(Delivery<DeadLetterDecision> delivery) throws InterruptedException {
    DeadLetterDecision decision = delivery.value();
    if (delivery.context().replayId() != null
        || decision.getAction() != DeadLetterAction.SEND_BACK) {
      return;
    }
    LetterId id =
        LetterId.parse(decision.getLetterId())
            .orElseThrow(() ->
                new WorkRejectedException(
                    "letter_id: expected a partition and an offset, such as 2-17"));
    Letters.Found found =
        letters
            .find(id)
            .orElseThrow(() -> new WorkRejectedException("the mirror has no dead letter " + id));
    DeadLetter letter = found.letter();
    Optional<ConsumerRecord<byte[], byte[]>> original =
        isEnough(found.missing(), decision) ? Optional.empty() : Optional.of(original(letter));
    write(letter, decision, original);
    log.atInfo()
        .addKeyValue("letter", id)
        .addKeyValue("topic", letter.getTopic())
        .addKeyValue("decided_by", decision.getDecidedBy())
        .log("sent a dead letter back");
  }

  /** Whether the letter has all that goes back. */
  private static boolean isEnough(Missing missing, DeadLetterDecision decision) {
    return switch (missing) {
      case NOTHING -> true;
      case VALUE -> decision.getValue() != null;
      case RECORD -> false;
    };
  }

  /** Without it, what goes back would be a tombstone, or have the key of another record. */
  private ConsumerRecord<byte[], byte[]> original(DeadLetter letter) {
    return letters
        .original(letter)
        .orElseThrow(() ->
            new WorkRejectedException(
                "the letter does not have the whole record, and the mirror does not have it as it"
                    + " was: expected %s, partition %d, offset %d"
                        .formatted(letter.getTopic(), letter.getPartition(), letter.getOffset())));
  }

  private void write(
      DeadLetter letter,
      DeadLetterDecision decision,
      Optional<ConsumerRecord<byte[], byte[]>> original)
      throws InterruptedException {
    try {
      int partitions = started().partitionsFor(letter.getTopic()).size();
      ProducerRecord<byte[], byte[]> returned =
          original
              .map(record -> ReturnedRecord.of(letter, decision, partitions, record))
              .orElseGet(() -> ReturnedRecord.of(letter, decision, partitions));
      var _ = started().send(returned).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException later) {
        throw later;
      }
      throw new WorkRejectedException("Kafka refused the record: " + Causes.rootMessage(e));
    }
  }

  private synchronized Producer<byte[], byte[]> started() {
    if (producer == null) {
      throw new IllegalStateException("not started");
    }
    return producer;
  }

  @Override
  public synchronized void stop() {
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
    }
  }
}
