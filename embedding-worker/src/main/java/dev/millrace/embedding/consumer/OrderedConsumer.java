package dev.millrace.embedding.consumer;

import dev.millrace.embedding.index.UnavailableException;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.runtime.share.WorkRejectedException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.UndecodableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic in a consumer group, in the order of each partition. The offset of an event is
 * committed when its handler is done with it, or a dead letter is written.
 */
public final class OrderedConsumer<T extends SpecificRecord> implements Component {

  private static final Logger log = LoggerFactory.getLogger(OrderedConsumer.class);
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);

  /** Few, so that all of them are done long before the group takes a member for dead. */
  private static final int MAX_POLL_RECORDS = 20;

  private final KafkaClients kafka;
  private final Topic<T> topic;
  private final String group;
  private final DeadLetters deadLetters;
  private final EventHandler<T> handler;
  private final Thread thread;
  private volatile boolean stopping;

  public OrderedConsumer(
      KafkaClients kafka,
      Topic<T> topic,
      String group,
      DeadLetters deadLetters,
      EventHandler<T> handler) {
    this.kafka = kafka;
    this.topic = topic;
    this.group = group;
    this.deadLetters = deadLetters;
    this.handler = handler;
    this.thread = Thread.ofPlatform().daemon().name(group + "-" + topic).unstarted(this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  /** Whether it is running. */
  public Health check() {
    return thread.isAlive() ? Health.UP : Health.down("the consumer of " + topic + " stopped");
  }

  @Override
  public void stop() {
    stopping = true;
    try {
      if (thread.isAlive() && !thread.join(STOP_GRACE)) {
        thread.interrupt();
        thread.join(STOP_GRACE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Deserializer<T> deserializer = kafka.serdes().deserializer(topic);
    while (!stopping) {
      try (Consumer<byte[], byte[]> consumer =
          kafka.consumer(
              topic.name(),
              group,
              Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS))) {
        consumer.subscribe(List.of(topic.name()));
        while (!stopping) {
          pollOnce(consumer, deserializer);
        }
      } catch (InterruptException | InterruptedException e) {
        return;
      } catch (WakeupException e) {
        log.atDebug().addKeyValue("topic", topic).log("woken up");
      } catch (KafkaException e) {
        log.atWarn()
            .addKeyValue("topic", topic)
            .addKeyValue("reason", e.getMessage())
            .log("the consumer failed and is replaced");
        if (!pause()) {
          return;
        }
      }
    }
  }

  private void pollOnce(Consumer<byte[], byte[]> consumer, Deserializer<T> deserializer)
      throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_TIMEOUT);
    Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    boolean waiting = false;
    for (TopicPartition partition : records.partitions()) {
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        if (stopping || !process(record, deserializer)) {
          consumer.seek(partition, record.offset());
          waiting = true;
          break;
        }
        done.put(partition, new OffsetAndMetadata(record.offset() + 1));
      }
    }
    if (!done.isEmpty()) {
      consumer.commitSync(done);
    }
    if (waiting && !stopping) {
      Thread.sleep(RETRY_INTERVAL);
    }
  }

  /** Returns false if the event is to be tried again. */
  private boolean process(ConsumerRecord<byte[], byte[]> record, Deserializer<T> deserializer)
      throws InterruptedException {
    try {
      handle(record, deserializer);
      return true;
    } catch (UnavailableException | PublishException | RegistryUnavailableException e) {
      log.atWarn()
          .addKeyValue("topic", topic)
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("reason", e.getMessage())
          .log("an event waits to be tried again");
      return false;
    }
  }

  private void handle(ConsumerRecord<byte[], byte[]> record, Deserializer<T> deserializer)
      throws InterruptedException {
    try {
      T event = deserializer.deserialize(record.topic(), record.headers(), record.value());
      if (event == null) {
        deadLetters.write(record, Failure.invalid("expected a value, found a tombstone"), 1);
        return;
      }
      handler.handle(event, EventContext.of(record));
    } catch (UndecodableException e) {
      deadLetters.write(record, Failure.of(e), 1);
    } catch (WorkRejectedException e) {
      deadLetters.write(record, Failure.invalid(String.valueOf(e.getMessage())), 1);
    } catch (UnavailableException | PublishException | RegistryUnavailableException e) {
      throw e;
    } catch (InterruptException e) {
      throw new InterruptedException(e.getMessage());
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("topic", topic)
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("an event could not be processed and goes to the dead letters");
      deadLetters.write(record, Failure.invalid(e + ": " + Causes.rootMessage(e)), 1);
    }
  }

  private boolean pause() {
    try {
      Thread.sleep(RETRY_INTERVAL);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
