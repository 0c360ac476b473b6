package dev.millrace.schemas.serde;

import dev.millrace.schemas.platform.PlatformEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;

/** Values to test with. */
public final class Samples {

  private Samples() {}

  static PlatformEvent platformEvent(String type) {
    return PlatformEvent.newBuilder()
        .setEventType(type)
        .setSource("test")
        .setOccurredAt(Instant.parse("2026-03-01T10:00:00Z"))
        .build();
  }

  /** A record of a schema, always the same for the same seed. */
  public static GenericRecord random(Schema schema, long seed) {
    return (GenericRecord) new RandomData(schema, 1, seed, true).iterator().next();
  }

  /** The Avro encoding of a record. */
  public static byte[] encode(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }
}
