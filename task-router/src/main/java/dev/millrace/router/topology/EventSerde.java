package dev.millrace.router.topology;

import static java.util.Objects.requireNonNull;

import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Events of several topics in one internal topic: one byte that says of which, then the bytes that
 * stand on the topic itself. So they can be read after an upgrade like every other event.
 */
final class EventSerde implements Serde<SpecificRecord> {

  private final Map<Byte, Kind<?>> kinds = new LinkedHashMap<>();

  EventSerde(EventCodec codec) {
    add('r', Topics.TASK_REQUESTS, codec);
    add('c', Topics.TASK_COMMANDS, codec);
    add('a', Topics.AGENT_EVENTS, codec);
    add('p', Topics.AGENT_PROVIDERS, codec);
  }

  private <T extends SpecificRecord> void add(char code, Topic<T> topic, EventCodec codec) {
    kinds.put((byte) code, new Kind<>(topic, codec.serde(topic)));
  }

  private record Kind<T extends SpecificRecord>(Topic<T> topic, Serde<T> serde) {

    byte[] write(byte code, Headers headers, SpecificRecord event) {
      byte[] value =
          requireNonNull(
              serde.serializer().serialize(topic.name(), headers, topic.valueType().cast(event)));
      byte[] coded = new byte[value.length + 1];
      coded[0] = code;
      System.arraycopy(value, 0, coded, 1, value.length);
      return coded;
    }

    T read(Headers headers, byte[] coded) {
      byte[] value = new byte[coded.length - 1];
      System.arraycopy(coded, 1, value, 0, value.length);
      return requireNonNull(serde.deserializer().deserialize(topic.name(), headers, value));
    }
  }

  @Override
  public Serializer<SpecificRecord> serializer() {
    return new Serializer<>() {
      @Override
      public byte @Nullable [] serialize(String topic, @Nullable SpecificRecord event) {
        return serialize(topic, new RecordHeaders(), event);
      }

      @Override
      public byte @Nullable [] serialize(
          String topic, Headers headers, @Nullable SpecificRecord event) {
        return event == null ? null : write(headers, event);
      }
    };
  }

  private byte[] write(Headers headers, SpecificRecord event) {
    for (Map.Entry<Byte, Kind<?>> kind : kinds.entrySet()) {
      if (kind.getValue().topic().valueType().isInstance(event)) {
        return kind.getValue().write(kind.getKey(), headers, event);
      }
    }
    throw new SerializationException("no queue takes a " + event.getSchema().getFullName());
  }

  @Override
  public Deserializer<SpecificRecord> deserializer() {
    return new Deserializer<>() {
      @Override
      public @Nullable SpecificRecord deserialize(String topic, byte @Nullable [] value) {
        return deserialize(topic, new RecordHeaders(), value);
      }

      @Override
      public @Nullable SpecificRecord deserialize(
          String topic, Headers headers, byte @Nullable [] value) {
        return value == null ? null : read(headers, value);
      }
    };
  }

  private SpecificRecord read(Headers headers, byte[] value) {
    Kind<?> kind = value.length == 0 ? null : kinds.get(value[0]);
    if (kind == null) {
      throw new SerializationException(
          "expected a request, a command, an agent's event or a provider's");
    }
    return kind.read(headers, value);
  }
}
