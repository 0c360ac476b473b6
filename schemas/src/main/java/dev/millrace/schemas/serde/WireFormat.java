package dev.millrace.schemas.serde;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * The <a
 * href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">Confluent
 * wire format</a>: a zero byte, the schema's id as four bytes, big-endian, then the Avro binary
 * encoding.
 */
public final class WireFormat {

  /** Length of what stands before the Avro encoding, in bytes. */
  public static final int PREFIX_LENGTH = 5;

  private static final byte MAGIC = 0;

  private WireFormat() {}

  /**
   * The schema id of a value.
   *
   * @throws UndecodableException if the value is not in the wire format
   */
  public static int schemaId(byte[] value) {
    if (value.length < PREFIX_LENGTH) {
      throw UndecodableException.malformed(
          "expected a magic byte and a 4-byte schema id, found " + value.length + " bytes");
    }
    if (value[0] != MAGIC) {
      throw UndecodableException.malformed(
          "expected magic byte 0 before the schema id, found 0x%02x".formatted(value[0]));
    }
    return ByteBuffer.wrap(value).getInt(1);
  }

  /** What stands before the Avro encoding of a value. */
  static byte[] prefix(int schemaId) {
    return ByteBuffer.allocate(PREFIX_LENGTH).put(MAGIC).putInt(schemaId).array();
  }

  /** A value from its schema id and its Avro encoding. */
  public static byte[] frame(int schemaId, byte[] avro) {
    return ByteBuffer.allocate(PREFIX_LENGTH + avro.length).put(prefix(schemaId)).put(avro).array();
  }

  /**
   * Writes a record as a value.
   *
   * @param schemaId id of the record's schema
   */
  public static byte[] write(int schemaId, GenericRecord record) {
    return frame(schemaId, avro(record));
  }

  /** The Avro encoding of a record, without what stands before it in a value. */
  public static byte[] avro(GenericRecord record) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    try {
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a value with the schema it was written with.
   *
   * @throws IOException if the bytes end too early; other bytes that do not fit the schema make
   *     Avro throw a good dozen kinds of runtime exceptions
   */
  public static GenericRecord read(byte[] value, Schema schema) throws IOException {
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(value, PREFIX_LENGTH, value.length - PREFIX_LENGTH, null);
    return new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
  }
}
