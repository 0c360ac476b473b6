package dev.millrace.audit.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.decode.DecodedValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class MirrorRowTest {

  @Test
  void aRecordWithoutHeadersIsIdentifiedByItsPlace() {
    MirrorRow row =
        MirrorRow.of(Records.record("health.metrics", 3, 42, null), DecodedValue.TOMBSTONE);

    assertThat(row.context().id().value()).isEqualTo("health.metrics/3/42");
    assertThat(row.context().source()).isEqualTo("external");
    assertThat(row.context().trace().traceId()).hasSize(32);
  }

  @Test
  void aKeyThatIsNotTextIsKeptAsBytes() {
    for (byte[] key : new byte[][] {{(byte) 0xFF}, {0}, {'a', 0, 'b'}, {(byte) 0xC3}}) {
      assertThat(rowWithKey(key).key()).isNull();
    }
    assertThat(rowWithKey("schlüssel".getBytes(UTF_8)).key()).isEqualTo("schlüssel");
    assertThat(rowWithKey(new byte[0]).key()).isEmpty();
  }

  @Test
  void aTimestampBeyondPostgresIsBounded() {
    assertThat(rowAt(Long.MAX_VALUE).timestamp()).isEqualTo("9999-12-31T23:59:59.999Z");
    assertThat(rowAt(Records.TIMESTAMP).timestamp()).isEqualTo("2026-11-21T00:00:00Z");
  }

  @Test
  void aRecordWithoutATimestampIsAsOldAsItsRow() {
    // given
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    // when
    Instant timestamp = rowAt(-1).timestamp();

    // then
    assertThat(timestamp).isBetween(before, Instant.now());
  }

  @Test
  void headersKeepTheirBytesAndTheirOrder() {
    Headers headers =
        Records.headers()
            .add("ce_id", "e1".getBytes(UTF_8))
            .add("x", "1".getBytes(UTF_8))
            .add("bin", new byte[] {(byte) 0xFF})
            .add("x", "2".getBytes(UTF_8));

    assertThat(new String(HeadersJson.of(headers), UTF_8))
        .isEqualTo("{\"ce_id\":\"e1\",\"x\":[\"1\",\"2\"],\"bin\":{\"base64\":\"/w==\"}}");
  }

  @Test
  void aRefusedValueKeepsItsSchemaAndLosesItsJson() {
    MirrorRow row =
        MirrorRow.of(
            Records.record("a.b", 0, 1, new byte[] {1}),
            new DecodedValue(9, "{}".getBytes(UTF_8), null, null));

    DecodedValue undecoded = row.undecoded("because \u0000").value();

    assertThat(undecoded.json()).isNull();
    assertThat(undecoded.schemaId()).isEqualTo(9);
    assertThat(undecoded.error()).isEqualTo("because \uFFFD");
  }

  private static MirrorRow rowWithKey(byte[] key) {
    return MirrorRow.of(
        Records.record("a.b", 0, 1, Records.TIMESTAMP, key, null, Records.headers()),
        DecodedValue.TOMBSTONE);
  }

  private static MirrorRow rowAt(long timestamp) {
    return MirrorRow.of(
        Records.record("a.b", 0, 1, timestamp, null, null, Records.headers()),
        DecodedValue.TOMBSTONE);
  }
}
