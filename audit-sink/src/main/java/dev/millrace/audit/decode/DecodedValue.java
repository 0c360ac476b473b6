package dev.millrace.audit.decode;

import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What could be made of a value. */
public final class DecodedValue {

  /** No value: on a compacted topic, the key is to be forgotten. */
  public static final DecodedValue TOMBSTONE = new DecodedValue(null, null, null, null);

  private final @Nullable Integer schemaId;
  private final byte @Nullable [] json;
  private final @Nullable SpecificRecord value;
  private final @Nullable String error;

  /** The arguments are what the accessors of the same names return. */
  public DecodedValue(
      @Nullable Integer schemaId,
      byte @Nullable [] json,
      @Nullable SpecificRecord value,
      @Nullable String error) {
    this.schemaId = schemaId;
    this.json = json;
    this.value = value;
    this.error = error == null ? null : StorableText.of(error);
  }

  /** A value that cannot be decoded. */
  public static DecodedValue undecodable(@Nullable Integer schemaId, String reason) {
    return new DecodedValue(schemaId, null, null, reason);
  }

  /** Schema it was written with, if it says so. */
  public @Nullable Integer schemaId() {
    return schemaId;
  }

  /**
   * The value as JSON in UTF-8, not a copy; absent for a tombstone and for what cannot be decoded.
   */
  public byte @Nullable [] json() {
    return json;
  }

  /** The value as the record its topic carries, for topics that are asked for it. */
  public @Nullable SpecificRecord value() {
    return value;
  }

  /** Why JSON or record is missing, or in what the JSON differs from the bytes. */
  public @Nullable String error() {
    return error;
  }

  /** The same, with nothing for the read models. */
  public DecodedValue unread(String reason) {
    return new DecodedValue(schemaId, json, null, reason);
  }
}
