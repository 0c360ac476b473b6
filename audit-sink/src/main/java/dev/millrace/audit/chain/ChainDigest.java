package dev.millrace.audit.chain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of a chain: SHA-256 over the hash before and every field of the row, each with its length
 * before it, so that no two rows have one encoding. Headers count in the order of their names, as
 * Postgres keeps no other. Not for use by several threads at once.
 */
public final class ChainDigest {

  private static final int HASH_BYTES = 32;
  private static final int NULL = -1;

  private final MessageDigest digest;
  private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

  public ChainDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * What is hashed of a row, as it is stored.
   *
   * @param record the record: its place, key and value
   * @param timestamp its timestamp, in milliseconds since 1970
   * @param headers its headers
   * @param schemaId schema of the value, if it says so
   * @param error why the payload is missing or altered
   * @param redacted what was taken out before
   */
  public record Link(
      ConsumerRecord<byte[], byte[]> record,
      long timestamp,
      Headers headers,
      String eventId,
      @Nullable String eventType,
      String source,
      @Nullable String subject,
      String traceId,
      @Nullable Integer schemaId,
      @Nullable String error,
      @Nullable String redacted) {}

  /** What the first row of a chain follows. */
  public static byte[] start() {
    return new byte[HASH_BYTES];
  }

  /** The hash of a row that follows one of this hash. */
  public byte[] next(byte[] previous, Link row) {
    digest.update(previous);
    add(row.record().topic());
    add(row.record().partition());
    add(row.record().offset());
    add(row.timestamp());
    add(row.record().key());
    add(row.eventId());
    add(row.eventType());
    add(row.source());
    add(row.subject());
    add(row.traceId());
    add(row.headers());
    add(row.schemaId() == null ? NULL : row.schemaId());
    add(row.record().value());
    add(row.error());
    add(row.redacted());
    return digest.digest();
  }

  private void add(Headers headers) {
    List<Header> sorted = new ArrayList<>();
    headers.forEach(sorted::add);
    sorted.sort(Comparator.comparing(Header::key));
    add(sorted.size());
    for (Header header : sorted) {
      add(header.key());
      add(header.value());
    }
  }

  private void add(long value) {
    number.clear();
    digest.update(number.putLong(value).flip());
  }

  private void add(@Nullable String text) {
    add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(byte @Nullable [] bytes) {
    if (bytes == null) {
      add(NULL);
      return;
    }
    add(bytes.length);
    digest.update(bytes);
  }
}
