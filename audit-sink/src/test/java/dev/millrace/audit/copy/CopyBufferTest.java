package dev.millrace.audit.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CopyBufferTest {

  private static final String HEADER = "5047434f50590aff0d0a00" + "00000000" + "00000000";
  private static final String END = "ffff";

  private final CopyBuffer buffer = new CopyBuffer(32, 64);

  @Test
  void rowsAreWhatPostgresReads() {
    buffer.row(7);
    buffer.text("é");
    buffer.int4(-2);
    buffer.int8(1L << 40);
    buffer.timestamp(Instant.parse("2000-01-01T00:00:01.000002Z"));
    buffer.jsonb("{}".getBytes(UTF_8));
    buffer.binary(new byte[] {7});
    buffer.nullValue();

    assertThat(hex())
        .isEqualTo(
            HEADER
                + "0007"
                + "00000002c3a9"
                + "00000004fffffffe"
                + "000000080000010000000000"
                + "0000000800000000000f4242"
                + "00000003017b7d"
                + "0000000107"
                + "ffffffff"
                + END);
  }

  @Test
  void whatIsAbsentIsNull() {
    buffer.row(4);
    buffer.text(null);
    buffer.binary(null);
    buffer.jsonb(null);
    buffer.int4OrNull(null);

    assertThat(hex()).isEqualTo(HEADER + "0004" + "ffffffff".repeat(4) + END);
  }

  @Test
  void timesBefore2000AreNegative() {
    buffer.row(1);
    buffer.timestamp(Instant.parse("1999-12-31T23:59:59.999Z"));

    assertThat(hex()).isEqualTo(HEADER + "0001" + "00000008fffffffffffffc18" + END);
  }

  @Test
  void theBufferGrowsAndIsEmptyWhenCleared() {
    buffer.row(1);
    buffer.binary(new byte[10_000]);
    buffer.clear();

    assertThat(buffer.rows()).isZero();
    assertThat(hex()).isEqualTo(HEADER + END);
  }

  private String hex() {
    return HexFormat.of().formatHex(buffer.toByteArray());
  }
}
