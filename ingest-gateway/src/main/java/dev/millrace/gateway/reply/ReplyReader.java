package dev.millrace.gateway.reply;

import dev.millrace.runtime.kafka.RecordListener;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Decodes the records of topics that carry replies and hands each to who is in charge of it. */
public final class ReplyReader implements RecordListener {

  private final EventSerdes serdes;
  private final Map<String, RecordListener> byTopic = new HashMap<>();

  public ReplyReader(EventSerdes serdes) {
    this.serdes = serdes;
  }

  /** Told of a tombstone: the key, and when it was written. */
  @FunctionalInterface
  public interface Forgetting {
    void forget(String key, Instant at);
  }

  /** Hands the values of a topic to this consumer. */
  public <T extends SpecificRecord> ReplyReader on(Topic<T> topic, Consumer<T> consumer) {
    return on(topic, consumer, (_, _) -> {});
  }

  /** Hands the values of a topic to this consumer, and its tombstones to the other. */
  public <T extends SpecificRecord> ReplyReader on(
      Topic<T> topic, Consumer<T> consumer, Forgetting forgetting) {
    Deserializer<T> deserializer = serdes.deserializer(topic);
    byTopic.put(
        topic.name(),
        record -> {
          if (record.value() != null) {
            consumer.accept(
                deserializer.deserialize(record.topic(), record.headers(), record.value()));
          } else if (record.key() != null) {
            forgetting.forget(
                new String(record.key(), StandardCharsets.UTF_8),
                Instant.ofEpochMilli(record.timestamp()));
          }
        });
    return this;
  }

  /** Names of the topics it reads. */
  public List<String> topics() {
    return List.copyOf(byTopic.keySet());
  }

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    RecordListener listener = byTopic.get(record.topic());
    if (listener != null) {
      listener.accept(record);
    }
  }
}
