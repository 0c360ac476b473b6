package dev.millrace.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** A record that will never be decoded, however often it is tried: a case for the dead letters. */
public final class UndecodableException extends SerializationException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the record. */
  public enum Kind {
    /** It is not in the wire format, or its bytes do not fit its schema. */
    UNDECODABLE,
    /** The registry does not know its schema. */
    UNKNOWN_SCHEMA
  }

  private final Kind kind;

  private UndecodableException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static UndecodableException malformed(String message) {
    return new UndecodableException(Kind.UNDECODABLE, message, null);
  }

  static UndecodableException malformed(String message, Throwable cause) {
    return new UndecodableException(Kind.UNDECODABLE, message, cause);
  }

  static UndecodableException unknownSchema(int schemaId) {
    return new UndecodableException(
        Kind.UNKNOWN_SCHEMA, "the schema registry knows no schema with id " + schemaId, null);
  }

  /** What is wrong with the record. */
  public Kind kind() {
    return kind;
  }
}
