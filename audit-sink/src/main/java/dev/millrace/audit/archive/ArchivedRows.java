package dev.millrace.audit.archive;

import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.chain.ChainedRow;
import dev.millrace.audit.copy.CopyReader;
import dev.millrace.audit.stored.StoredHeaders;
import dev.millrace.audit.stored.StoredRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The rows of an archive: every column of {@code audit.records}, as {@code COPY} writes them. */
final class ArchivedRows {

  /** The columns, in the order of the file. */
  static final String COLUMNS =
      """
      topic, partition, "offset", "timestamp", key, key_bytes, event_id, event_type, source, \
      subject, trace_id, headers, schema_id, payload, raw, error, redacted, hash, ingested_at\
      """;

  private static final int COLUMN_COUNT = 19;
  private static final long EPOCH_2000_MS = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
  private static final long MICROS_PER_MS = 1_000;

  private final CopyReader rows;

  ArchivedRows(InputStream in) throws IOException {
    rows = new CopyReader(in, COLUMN_COUNT);
  }

  /** The next row; empty at the end. */
  Optional<ChainedRow> next() throws IOException {
    Optional<CopyReader.Row> row = rows.next();
    try {
      return row.map(ArchivedRows::chained);
    } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
      throw new IOException("expected a row of audit.records: " + e, e);
    }
  }

  private static ChainedRow chained(CopyReader.Row row) {
    byte[] keyBytes = row.value(5);
    byte[] key = keyBytes == null ? row.value(4) : keyBytes;
    byte[] value = row.value(14);
    long timestampMs = EPOCH_2000_MS + number(row, 3).getLong() / MICROS_PER_MS;
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            required(row, 0),
            number(row, 1).getInt(),
            number(row, 2).getLong(),
            timestampMs,
            TimestampType.CREATE_TIME,
            key == null ? ConsumerRecord.NULL_SIZE : key.length,
            value == null ? ConsumerRecord.NULL_SIZE : value.length,
            key,
            value,
            StoredHeaders.parse(required(json(row, 11))),
            Optional.empty());
    byte[] schemaId = row.value(12);
    ChainDigest.Link link =
        new ChainDigest.Link(
            record,
            timestampMs,
            record.headers(),
            required(row, 6),
            text(row.value(7)),
            required(row, 8),
            text(row.value(9)),
            required(row, 10),
            schemaId == null ? null : ByteBuffer.wrap(schemaId).getInt(),
            text(row.value(15)),
            text(row.value(16)));
    return new ChainedRow(
        new StoredRecord(record, json(row, 13), link.redacted()), link, row.value(17));
  }

  private static ByteBuffer number(CopyReader.Row row, int column) {
    byte[] bytes = row.value(column);
    if (bytes == null) {
      throw new IllegalArgumentException("column " + column + " is null");
    }
    return ByteBuffer.wrap(bytes);
  }

  private static String required(CopyReader.Row row, int column) {
    return required(text(row.value(column)));
  }

  private static String required(@Nullable String text) {
    if (text == null) {
      throw new IllegalArgumentException("a column is null that never is");
    }
    return text;
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** The text of a {@code jsonb}, which has the number of its version before it. */
  private static @Nullable String json(CopyReader.Row row, int column) {
    byte[] bytes = row.value(column);
    return bytes == null || bytes.length == 0
        ? null
        : new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
  }
}
