package dev.millrace.gateway.reply;

import dev.millrace.runtime.kafka.RecordListener;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
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

  /** Hands the values of a topic to this consumer. */
  public <T extends SpecificRecord> ReplyReader on(Topic<T> topic, Consumer<T> consumer) {
    Deserializer<T> deserializer = serdes.deserializer(topic);
    byTopic.put(
        topic.name(),
        record -> {
          if (record.value() != null) {
            consumer.accept(
                deserializer.deserialize(record.topic(), record.headers(), record.value()));
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
