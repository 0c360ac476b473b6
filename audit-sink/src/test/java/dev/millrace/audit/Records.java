package dev.millrace.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.DecodedValue;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records as a consumer reads them, for tests. */
public final class Records {

  /** Timestamp of every record that does not say otherwise: 2026-11-21T00:00:00Z. */
  public static final long TIMESTAMP = 1_795_219_200_000L;

  private Records() {}

  public static ConsumerRecord<byte[], byte[]> record(
      String topic, int partition, long offset, byte @Nullable [] value) {
    return record(topic, partition, offset, TIMESTAMP, "key".getBytes(UTF_8), value, headers());
  }

  @SuppressWarnings("NullAway") // Kafka takes null for a key or value that is not there
  public static ConsumerRecord<byte[], byte[]> record(
      String topic,
      int partition,
      long offset,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {
    return new ConsumerRecord<>(
        topic,
        partition,
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        key == null ? ConsumerRecord.NULL_SIZE : key.length,
        value == null ? ConsumerRecord.NULL_SIZE : value.length,
        key,
        value,
        headers,
        Optional.empty());
  }

  public static Headers headers() {
    return new RecordHeaders();
  }

  /** A row of the mirror with a typed value, as the read models get it. */
  public static MirrorRow row(Topic<?> topic, long offset, @Nullable SpecificRecord value) {
    byte[] bytes = value == null ? null : avro(value.getSchema(), value, 1);
    return MirrorRow.of(
        record(topic.name(), 0, offset, bytes),
        new DecodedValue(1, "{}".getBytes(UTF_8), value, null));
  }

  /** A value in the wire format. */
  public static byte[] avro(Schema schema, Object value, int schemaId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<>(schema, SpecificData.getForSchema(schema)).write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return WireFormat.frame(schemaId, bytes.toByteArray());
  }
}
