package dev.millrace.router.storage;

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
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Plain Avro, for tests without a schema registry. */
public final class AvroSerde {

  static {
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(),
            type -> type.getName().startsWith("dev.millrace.schemas.")));
  }

  private AvroSerde() {}

  public static <T extends SpecificRecord> Serde<T> of(Topic<T> topic) {
    return Serdes.serdeFrom(
        (_, value) -> write(topic, value), (_, bytes) -> bytes == null ? null : read(topic, bytes));
  }

  private static <T extends SpecificRecord> byte @Nullable [] write(
      Topic<T> topic, @Nullable T value) {
    if (value == null) {
      return null;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      new SpecificDatumWriter<T>(topic.schema()).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static <T extends SpecificRecord> T read(Topic<T> topic, byte[] bytes) {
    try {
      return new SpecificDatumReader<>(topic.valueType())
          .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    } catch (IOException e) {
      throw new SerializationException(e);
    }
  }
}
