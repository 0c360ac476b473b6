package dev.millrace.audit.copy;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyIn;

/**
 * Rows in the <a href="https://www.postgresql.org/docs/current/sql-copy.html">binary format of
 * COPY</a>: a signature, two empty words, then for each row the number of its columns and each
 * column as its length (-1 for null) and its bytes, big-endian; -1 ends it. The memory grows with
 * the largest batch and is given back by {@link #clear}. Not for use by several threads at once.
 */
public final class CopyBuffer {

  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };
  private static final int END = -1;
  private static final int NULL = -1;
  private static final byte JSONB_VERSION = 1;

  /** Postgres counts time from the first of January 2000. */
  private static final long EPOCH_2000_SECONDS =
      Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

  private static final long MICROS_PER_SECOND = 1_000_000L;

  /** How much is given to the driver at once. */
  private static final int SLICE_BYTES = 1 << 16;

  private final int initialBytes;
  private final int keptBytes;
  private byte[] bytes;
  private int length;
  private int rows;

  /**
   * @param initialBytes memory to begin with
   * @param keptBytes memory that is kept from batch to batch at most
   */
  public CopyBuffer(int initialBytes, int keptBytes) {
    this.initialBytes = initialBytes;
    this.keptBytes = keptBytes;
    this.bytes = new byte[initialBytes];
    clear();
  }

  /** Forgets all rows. */
  public void clear() {
    if (bytes.length > keptBytes) {
      bytes = new byte[initialBytes];
    }
    length = 0;
    rows = 0;
    append(HEADER);
  }

  /** Begins a row of so many columns; as many values must follow. */
  public void row(int columns) {
    require(Short.BYTES);
    putShort(columns);
    rows++;
  }

  /** Rows since the last {@link #clear}. */
  public int rows() {
    return rows;
  }

  public void nullValue() {
    require(Integer.BYTES);
    putInt(NULL);
  }

  /** A column of type {@code integer}. */
  public void int4(int value) {
    require(2 * Integer.BYTES);
    putInt(Integer.BYTES);
    putInt(value);
  }

  /** A column of type {@code integer} that may be null. */
  public void int4OrNull(@Nullable Integer value) {
    if (value == null) {
      nullValue();
    } else {
      int4(value);
    }
  }

  /** A column of type {@code bigint}. */
  public void int8(long value) {
    require(Integer.BYTES + Long.BYTES);
    putInt(Long.BYTES);
    putInt((int) (value >> 32));
    putInt((int) value);
  }

  /** A column of type {@code timestamptz}, to the microsecond. */
  public void timestamp(Instant value) {
    int8(
        Math.multiplyExact(value.getEpochSecond() - EPOCH_2000_SECONDS, MICROS_PER_SECOND)
            + value.getNano() / 1_000);
  }

  /** A column of type {@code text}; it must hold no U+0000. */
  public void text(@Nullable String value) {
    if (value == null) {
      nullValue();
      return;
    }
    binary(value.getBytes(StandardCharsets.UTF_8));
  }

  /** A column of type {@code bytea}, or of {@code text} from its UTF-8. */
  public void binary(byte @Nullable [] value) {
    if (value == null) {
      nullValue();
      return;
    }
    require(Integer.BYTES + value.length);
    putInt(value.length);
    append(value);
  }

  /** A column of type {@code jsonb}, from its text in UTF-8. */
  public void jsonb(byte @Nullable [] text) {
    if (text == null) {
      nullValue();
      return;
    }
    require(Integer.BYTES + 1 + text.length);
    putInt(1 + text.length);
    bytes[length++] = JSONB_VERSION;
    append(text);
  }

  /** Gives all rows to a running {@code COPY}; ending it is the caller's. */
  public void writeTo(CopyIn copy) throws SQLException {
    for (int from = 0; from < length; from += SLICE_BYTES) {
      copy.writeToCopy(bytes, from, Math.min(SLICE_BYTES, length - from));
    }
    byte[] end = {(byte) END, (byte) END};
    copy.writeToCopy(end, 0, end.length);
  }

  /** What {@link #writeTo} writes, in one piece. */
  byte[] toByteArray() {
    byte[] all = Arrays.copyOf(bytes, length + Short.BYTES);
    Arrays.fill(all, length, all.length, (byte) END);
    return all;
  }

  private void append(byte[] value) {
    require(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void putShort(int value) {
    bytes[length++] = (byte) (value >> 8);
    bytes[length++] = (byte) value;
  }

  private void putInt(int value) {
    putShort(value >> 16);
    putShort(value);
  }

  private void require(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
    }
  }
}
