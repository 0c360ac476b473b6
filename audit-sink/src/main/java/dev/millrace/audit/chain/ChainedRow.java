package dev.millrace.audit.chain;

import dev.millrace.audit.stored.StoredRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A stored row with what its partition's chain says of it. */
public final class ChainedRow {

  /** The columns that {@link #of} reads, of a table with the alias {@code r}. */
  static final String COLUMNS =
      StoredRecord.COLUMNS
          + """
          , r.event_id, r.event_type, r.source, r.subject, r.trace_id, r.schema_id, r.error,
          r.hash\
          """;

  private final StoredRecord stored;
  private final ChainDigest.Link link;
  private final byte @Nullable [] hash;

  /**
   * @param stored the row
   * @param link what of it the chain covers
   * @param hash hash it is stored with; null for a row from before there were chains
   */
  public ChainedRow(StoredRecord stored, ChainDigest.Link link, byte @Nullable [] hash) {
    this.stored = stored;
    this.link = link;
    this.hash = hash;
  }

  /** Reads the row a result stands at. */
  static ChainedRow of(ResultSet row) throws SQLException {
    StoredRecord stored = StoredRecord.of(row);
    return new ChainedRow(
        stored,
        new ChainDigest.Link(
            stored.record(),
            row.getObject("timestamp", OffsetDateTime.class).toInstant().toEpochMilli(),
            stored.record().headers(),
            row.getString("event_id"),
            row.getString("event_type"),
            row.getString("source"),
            row.getString("subject"),
            row.getString("trace_id"),
            row.getObject("schema_id", Integer.class),
            row.getString("error"),
            stored.redacted()),
        row.getBytes("hash"));
  }

  public StoredRecord stored() {
    return stored;
  }

  public ChainDigest.Link link() {
    return link;
  }

  /** The hash it is stored with, not a copy. */
  public byte @Nullable [] hash() {
    return hash;
  }

  public long offset() {
    return stored.record().offset();
  }

  public TopicPartition place() {
    return new TopicPartition(stored.record().topic(), stored.record().partition());
  }
}
