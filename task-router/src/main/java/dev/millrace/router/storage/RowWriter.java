package dev.millrace.router.storage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a row one after the other. The first byte is the version of the layout; a
 * later version only adds fields at the end, so that {@link RowReader} reads what an earlier one
 * wrote.
 */
final class RowWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  RowWriter(int version) {
    out.write(version);
  }

  RowWriter number(long value) {
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  RowWriter small(int value) {
    if (value < 0 || value > 255) {
      throw new IllegalArgumentException("expected a number from 0 to 255, found " + value);
    }
    out.write(value);
    return this;
  }

  RowWriter flag(boolean value) {
    return small(value ? 1 : 0);
  }

  RowWriter time(Instant value) {
    return number(value.toEpochMilli());
  }

  RowWriter timeOrNull(@Nullable Instant value) {
    return value == null ? flag(false) : flag(true).time(value);
  }

  RowWriter text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    out.writeBytes(bytes);
    return this;
  }

  RowWriter textOrNull(@Nullable String value) {
    return value == null ? flag(false) : flag(true).text(value);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }
}
