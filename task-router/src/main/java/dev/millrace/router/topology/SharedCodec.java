package dev.millrace.router.topology;

import dev.millrace.schemas.catalogue.Topic;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;

/** Makes one serde of each topic and gives it to all who ask; serdes of events may be shared. */
public final class SharedCodec implements EventCodec {

  private final EventCodec codec;
  private final Map<String, Serde<?>> serdes = new ConcurrentHashMap<>();

  public SharedCodec(EventCodec codec) {
    this.codec = codec;
  }

  @Override
  @SuppressWarnings("unchecked") // a topic has one name and one type
  public <T extends SpecificRecord> Serde<T> serde(Topic<T> topic) {
    return (Serde<T>) serdes.computeIfAbsent(topic.name(), _ -> codec.serde(topic));
  }
}
