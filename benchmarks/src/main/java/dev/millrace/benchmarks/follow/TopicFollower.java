package dev.millrace.benchmarks.follow;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Shows every record of a topic, from its beginning, to a listener on one thread of its own. */
public final class TopicFollower<T extends SpecificRecord> implements AutoCloseable {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private final KafkaClients kafka;
  private final Topic<T> topic;
  private final java.util.function.Consumer<T> listener;
  private final Thread thread;
  private volatile boolean closed;

  private TopicFollower(
      KafkaClients kafka, Topic<T> topic, java.util.function.Consumer<T> listener) {
    this.kafka = kafka;
    this.topic = topic;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("follow-" + topic.name()).unstarted(this::follow);
  }

  /** Starts to read. */
  public static <T extends SpecificRecord> TopicFollower<T> follow(
      Environment environment, Topic<T> topic, java.util.function.Consumer<T> listener) {
    TopicFollower<T> follower = new TopicFollower<>(clients(environment), topic, listener);
    follower.thread.start();
    return follower;
  }

  /** Clients of a benchmark. */
  public static KafkaClients clients(Environment environment) {
    KafkaConfig config = KafkaConfig.from(environment);
    return new KafkaClients(
        "bench", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry());
  }

  private void follow() {
    try (Consumer<byte[], byte[]> consumer =
            kafka.consumer("follow-" + topic.name(), null, Map.of());
        Deserializer<T> deserializer = kafka.serdes().deserializer(topic)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic.name()).stream()
              .map(partition -> new TopicPartition(topic.name(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
          listener.accept(deserializer.deserialize(topic.name(), record.headers(), record.value()));
        }
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kafka.close();
  }
}
