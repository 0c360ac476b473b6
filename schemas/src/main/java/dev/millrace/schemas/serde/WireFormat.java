package dev.millrace.schemas.serde;

import java.nio.ByteBuffer;

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
}
