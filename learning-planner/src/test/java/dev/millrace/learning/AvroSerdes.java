package dev.millrace.learning;

import dev.millrace.schemas.catalogue.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Plain Avro without a registry. */
final class AvroSerdes {

  private AvroSerdes() {}

  static <T extends SpecificRecord> Serde<T> serde(Topic<T> topic) {
    return Serdes.serdeFrom((_, value) -> write(topic, value), (_, bytes) -> read(topic, bytes));
  }

  private static <T extends SpecificRecord> byte @Nullable [] write(
      Topic<T> topic, @Nullable T value) {
    if (value == null) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    try {
      new SpecificDatumWriter<T>(topic.schema()).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static <T extends SpecificRecord> @Nullable T read(
      Topic<T> topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return new SpecificDatumReader<T>(topic.schema())
          .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
