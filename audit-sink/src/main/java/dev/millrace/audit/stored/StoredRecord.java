package dev.millrace.audit.stored;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code audit.records} as the record it came from.
 *
 * @param record the record, with its headers
 * @param payload its value as JSON, where it could be decoded
 * @param redacted what was taken out of it before it was stored; null when nothing was
 */
public record StoredRecord(
    ConsumerRecord<byte[], byte[]> record, @Nullable String payload, @Nullable String redacted) {

  /** The columns that {@link #of} reads, of a table with the alias {@code r}. */
  public static final String COLUMNS =
      """
      r.topic, r.partition, r."offset", r."timestamp",
      coalesce(r.key_bytes, convert_to(r.key, 'UTF8')) AS key, r.headers, r.payload, r.raw, r.redacted\
      """;

  /** Names and types of what {@link #COLUMNS} selects. */
  public static final String TYPES =
      """
      topic text, partition integer, "offset" bigint, "timestamp" timestamptz,
      key bytea, headers jsonb, payload jsonb, raw bytea, redacted text\
      """;

  /** Reads the row a result stands at. */
  public static StoredRecord of(ResultSet row) throws SQLException {
    byte[] key = row.getBytes("key");
    byte[] value = row.getBytes("raw");
    return new StoredRecord(
        new ConsumerRecord<>(
            row.getString("topic"),
            row.getInt("partition"),
            row.getLong("offset"),
            row.getObject("timestamp", OffsetDateTime.class).toInstant().toEpochMilli(),
            TimestampType.CREATE_TIME,
            key == null ? ConsumerRecord.NULL_SIZE : key.length,
            value == null ? ConsumerRecord.NULL_SIZE : value.length,
            key,
            value,
            StoredHeaders.parse(row.getString("headers")),
            Optional.empty()),
        row.getString("payload"),
        row.getString("redacted"));
  }
}
