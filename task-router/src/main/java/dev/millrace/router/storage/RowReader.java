package dev.millrace.router.storage;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RowWriter} wrote, field by field. */
final class RowReader {

  private final ByteBuffer in;
  private final int version;

  /**
   * @param newest newest version of the layout that the caller knows
   */
  RowReader(byte[] row, int newest) {
    this.in = ByteBuffer.wrap(row);
    version = in.get();
    if (version < 1 || version > newest) {
      throw new IllegalStateException(
          "expected a row of version 1 to %d, found %d; a newer release wrote it"
              .formatted(newest, version));
    }
  }

  /** Version that the row was written in. */
  int version() {
    return version;
  }

  long number() {
    return in.getLong();
  }

  int count() {
    return Math.toIntExact(number());
  }

  int small() {
    return Byte.toUnsignedInt(in.get());
  }

  boolean flag() {
    return small() == 1;
  }

  Instant time() {
    return Instant.ofEpochMilli(number());
  }

  @Nullable Instant timeOrNull() {
    return flag() ? time() : null;
  }

  String text() {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Nullable String textOrNull() {
    return flag() ? text() : null;
  }
}
