package dev.millrace.benchmarks.follow;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.runtime.kafka.TopicTail;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Shows every record of a topic, from its beginning, to a listener on one thread of its own. */
public final class TopicFollower implements AutoCloseable {

  private final KafkaClients kafka;
  private final TopicTail tail;

  private TopicFollower(KafkaClients kafka, TopicTail tail) {
    this.kafka = kafka;
    this.tail = tail;
  }

  /** Starts to read, and returns when what was there before is read. */
  public static <T extends SpecificRecord> TopicFollower follow(
      Environment environment, Topic<T> topic, Consumer<T> listener) {
    KafkaClients kafka = clients(environment);
    Deserializer<T> deserializer = kafka.serdes().deserializer(topic);
    TopicTail tail =
        new TopicTail(
            kafka,
            "follow-" + topic.name(),
            List.of(topic.name()),
            TopicTail.From.BEGINNING,
            TopicTail.Pace.AT_ONCE,
            record ->
                listener.accept(
                    deserializer.deserialize(topic.name(), record.headers(), record.value())));
    try {
      tail.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while it began to follow " + topic, e);
    }
    return new TopicFollower(kafka, tail);
  }

  /** Clients of a benchmark. */
  public static KafkaClients clients(Environment environment) {
    KafkaConfig config = KafkaConfig.from(environment);
    return new KafkaClients(
        "bench", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry());
  }

  @Override
  public void close() {
    tail.stop();
    kafka.close();
  }
}
