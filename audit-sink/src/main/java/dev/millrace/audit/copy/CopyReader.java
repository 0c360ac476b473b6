package dev.millrace.audit.copy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows in the binary format of {@code COPY}, as {@link CopyBuffer} describes it. Bytes that
 * are no such rows end in an exception, not in a huge allocation.
 */
public final class CopyReader {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  private static final int END = -1;
  private static final int NULL = -1;

  /** Postgres has no larger field. */
  private static final int MAX_FIELD_BYTES = 1 << 30;

  /** Memory for a field grows with what is there of it, not with what it claims. */
  private static final int PIECE_BYTES = 1 << 20;

  private final DataInputStream in;
  private final int columns;

  /** A row: its columns as they are, null where they are null. */
  public static final class Row {
    private final byte[] @Nullable [] values;

    private Row(byte[] @Nullable [] values) {
      this.values = values;
    }

    /** The bytes of a column, not a copy. */
    public byte @Nullable [] value(int column) {
      return values[column];
    }
  }

  /**
   * Reads the head.
   *
   * @param columns columns that each row must have
   * @throws IOException if there are other bytes
   */
  public CopyReader(InputStream in, int columns) throws IOException {
    this.in = new DataInputStream(in);
    this.columns = columns;
    if (!Arrays.equals(this.in.readNBytes(SIGNATURE.length), SIGNATURE)) {
      throw new IOException("expected rows in the binary format of COPY");
    }
    this.in.readInt();
    this.in.skipNBytes(this.in.readInt());
  }

  /** The next row; empty at the end. */
  public Optional<Row> next() throws IOException {
    int found = in.readShort();
    if (found == END) {
      return Optional.empty();
    }
    if (found != columns) {
      throw new IOException("expected rows of %d columns, found %d".formatted(columns, found));
    }
    byte[] @Nullable [] values = new byte[columns] @Nullable [];
    for (int i = 0; i < columns; i++) {
      values[i] = field();
    }
    return Optional.of(new Row(values));
  }

  private byte @Nullable [] field() throws IOException {
    int length = in.readInt();
    if (length == NULL) {
      return null;
    }
    if (length < 0 || length > MAX_FIELD_BYTES) {
      throw new IOException("expected the length of a field, found " + length);
    }
    byte[] bytes = in.readNBytes(Math.min(length, PIECE_BYTES));
    while (bytes.length < length) {
      byte[] piece = in.readNBytes(Math.min(length - bytes.length, PIECE_BYTES));
      if (piece.length == 0) {
        throw new EOFException("the rows end in the middle of a field");
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + piece.length);
      System.arraycopy(piece, 0, longer, bytes.length, piece.length);
      bytes = longer;
    }
    return bytes;
  }
}
