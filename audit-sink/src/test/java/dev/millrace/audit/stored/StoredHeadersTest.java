package dev.millrace.audit.stored;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class StoredHeadersTest {

  @Test
  void headersAreReadBackWithTheirBytesAndOrder() {
    Headers headers =
        StoredHeaders.parse(
            "{\"x\": [\"1\", {\"base64\": \"/w==\"}, null], \"ce_id\": \"e1\", \"n\": null}");

    assertThat(headers)
        .containsExactlyInAnyOrderElementsOf(
            new RecordHeaders()
                .add("x", "1".getBytes(UTF_8))
                .add("x", new byte[] {(byte) 0xFF})
                .add("x", null)
                .add("ce_id", "e1".getBytes(UTF_8))
                .add("n", null));
    assertThat(headers.headers("x").iterator().next().value()).isEqualTo("1".getBytes(UTF_8));
  }
}
