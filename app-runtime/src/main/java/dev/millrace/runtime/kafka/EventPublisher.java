package dev.millrace.runtime.kafka;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Writes events with their headers; an event counts as written when every replica has it. */
public final class EventPublisher implements Component {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final String app;
  private final Supplier<Producer<String, SpecificRecord>> producers;
  private volatile @Nullable Producer<String, SpecificRecord> producer;

  /**
   * @param deliveryTimeout after which an event that no broker acknowledged has failed
   */
  public EventPublisher(KafkaClients kafka, Duration deliveryTimeout) {
    this(kafka.app(), () -> kafka.producer("publisher", deliveryTimeout));
  }

  /** A publisher on a producer of another making, for example a mock. */
  public EventPublisher(String app, Supplier<Producer<String, SpecificRecord>> producers) {
    this.app = app;
    this.producers = producers;
  }

  @Override
  public void start() {
    producer = producers.get();
  }

  /**
   * Writes an event; the future completes with its place, or with a {@link PublishException}.
   *
   * @param key key of the record, as the catalogue says
   */
  public <T extends SpecificRecord> CompletableFuture<RecordMetadata> publish(
      Topic<T> topic, String key, T value, EventContext context) {
    CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
    try {
      Future<RecordMetadata> _ =
          started()
              .send(
                  EventHeaders.<SpecificRecord, T>record(topic, key, value, context),
                  (metadata, failure) -> {
                    if (failure == null) {
                      written.complete(metadata);
                    } else {
                      written.completeExceptionally(new PublishException(topic, failure));
                    }
                  });
    } catch (KafkaException e) {
      written.completeExceptionally(new PublishException(topic, e));
    }
    return written;
  }

  /**
   * Writes an event and waits until it is acknowledged.
   *
   * @throws PublishException if it was not, within the delivery timeout
   */
  public <T extends SpecificRecord> RecordMetadata publishAndWait(
      Topic<T> topic, String key, T value, EventContext context) throws InterruptedException {
    try {
      return publish(topic, key, value, context).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof PublishException failure) {
        throw failure;
      }
      throw new IllegalStateException(Causes.unwrap(e));
    }
  }

  /**
   * The partition that events of a key go to, as the default partitioner of every Kafka client
   * says.
   *
   * @throws PublishException if the partitions of the topic are not known, as no broker answers
   */
  public int partitionOf(Topic<?> topic, String key) {
    try {
      int partitions = started().partitionsFor(topic.name()).size();
      int hash = Utils.murmur2(key.getBytes(StandardCharsets.UTF_8));
      return Utils.toPositive(hash) % partitions;
    } catch (KafkaException e) {
      throw new PublishException(topic, e);
    }
  }

  private Producer<String, SpecificRecord> started() {
    Producer<String, SpecificRecord> started = producer;
    if (started == null) {
      throw new IllegalStateException("the publisher of " + app + " is not started");
    }
    return started;
  }

  @Override
  public void stop() {
    Producer<String, SpecificRecord> started = producer;
    if (started != null) {
      started.close(CLOSE_TIMEOUT);
    }
  }
}
