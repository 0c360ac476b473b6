package dev.millrace.router.workflow.topology;

import dev.millrace.schemas.serde.UndecodableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Reads what can be decoded, and what will never be as nothing. */
final class DecodableOnly<T> implements Serde<T> {

  private final Serde<T> serde;

  DecodableOnly(Serde<T> serde) {
    this.serde = serde;
  }

  @Override
  public Serializer<T> serializer() {
    return serde.serializer();
  }

  @Override
  public Deserializer<T> deserializer() {
    return new Reader<>(serde.deserializer());
  }

  private record Reader<T>(Deserializer<T> strict) implements Deserializer<T> {

    @Override
    public @Nullable T deserialize(String topic, byte[] value) {
      try {
        return strict.deserialize(topic, value);
      } catch (UndecodableException e) {
        return null;
      }
    }

    @Override
    public @Nullable T deserialize(String topic, Headers headers, byte[] value) {
      try {
        return strict.deserialize(topic, headers, value);
      } catch (UndecodableException e) {
        return null;
      }
    }
  }
}
