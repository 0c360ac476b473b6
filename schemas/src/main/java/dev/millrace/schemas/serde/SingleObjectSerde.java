package dev.millrace.schemas.serde;

import dev.millrace.schemas.catalogue.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Values of a topic in Avro's single-object encoding, which needs no registry: for topologies that
 * are driven without one. Topics are never written so.
 */
public final class SingleObjectSerde {

  private SingleObjectSerde() {}

  public static <T extends SpecificRecord> Serde<T> of(Topic<T> topic) {
    SpecificData data = SpecificData.getForClass(topic.valueType());
    BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(data, topic.schema());
    BinaryMessageDecoder<T> decoder = new BinaryMessageDecoder<>(data, topic.schema());
    return Serdes.serdeFrom(
        (_, value) -> encode(encoder, value), (_, bytes) -> decode(decoder, bytes));
  }

  private static <T> byte @Nullable [] encode(BinaryMessageEncoder<T> encoder, @Nullable T value) {
    if (value == null) {
      return null;
    }
    try {
      ByteBuffer encoded = encoder.encode(value);
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> @Nullable T decode(BinaryMessageDecoder<T> decoder, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return decoder.decode(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
