package dev.millrace.audit.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.deadletter.DeadLetterAction;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import dev.millrace.schemas.event.EventHeaders;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReturnedRecordTest {

  @Test
  void aRecordGoesBackAsItsLetterHasIt() {
    DeadLetter letter =
        letter()
            .setValue(bytes("wrong"))
            .setHeaders(Map.of("tenant", bytes("acme"), EventHeaders.SENT_BACK, bytes("d-0")))
            .build();

    ProducerRecord<byte[], byte[]> returned = ReturnedRecord.of(letter, decision().build(), 4);

    assertThat(returned.partition()).isEqualTo(3);
    assertThat(returned.key()).asString(UTF_8).isEqualTo("k");
    assertThat(returned.value()).asString(UTF_8).isEqualTo("wrong");
    assertThat(texts(returned.headers()))
        .containsOnly(
            Map.entry("tenant", "acme"),
            Map.entry(EventHeaders.SENT_BACK, "d-1"),
            Map.entry(EventHeaders.ID, "task.requests/3/8"));
  }

  @Test
  void aRecordThatItsLetterCouldNotHoldGoesBackAsTheMirrorHasIt() {
    Headers headers = Records.headers().add(EventHeaders.ID, "e-1".getBytes(UTF_8));
    ConsumerRecord<byte[], byte[]> original =
        Records.record(
            "task.requests",
            3,
            8,
            Records.TIMESTAMP,
            "a whole key".getBytes(UTF_8),
            "a whole value".getBytes(UTF_8),
            headers);

    ProducerRecord<byte[], byte[]> returned =
        ReturnedRecord.of(letter().setCut(true).build(), decision().build(), 4, original);

    assertThat(returned.key()).asString(UTF_8).isEqualTo("a whole key");
    assertThat(returned.value()).asString(UTF_8).isEqualTo("a whole value");
    assertThat(texts(returned.headers()))
        .containsOnly(Map.entry(EventHeaders.SENT_BACK, "d-1"), Map.entry(EventHeaders.ID, "e-1"));
  }

  @Test
  void aCorrectionTakesThePlaceOfTheValue() {
    DeadLetterDecision corrected = decision().setValue(bytes("right")).build();

    ProducerRecord<byte[], byte[]> returned =
        ReturnedRecord.of(letter().setValue(bytes("wrong")).build(), corrected, 4);

    assertThat(returned.value()).asString(UTF_8).isEqualTo("right");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "false, -,                      NOTHING",
        "false, $.reason $.app,         NOTHING",
        "false, $.reason $.value,       VALUE",
        "false, $.headers.tenant,       RECORD",
        "false, $.key $.value,          RECORD",
        "false, $.*,                    RECORD",
        "true,  -,                      RECORD",
        "true,  $.value,                RECORD"
      })
  void whatALetterDoesNotHaveIsKnown(boolean cut, String redacted, Missing missing) {
    assertThat(Missing.of(letter().setCut(cut).build(), redacted)).isEqualTo(missing);
  }

  private static DeadLetter.Builder letter() {
    return DeadLetter.newBuilder()
        .setTopic("task.requests")
        .setPartition(3)
        .setOffset(8)
        .setKey(bytes("k"))
        .setApp("task-router")
        .setError("invalid")
        .setReason("it makes no sense")
        .setFailedAt(Instant.EPOCH);
  }

  private static DeadLetterDecision.Builder decision() {
    return DeadLetterDecision.newBuilder()
        .setDecisionId("d-1")
        .setLetterId("2-17")
        .setAction(DeadLetterAction.SEND_BACK)
        .setReason("x")
        .setDecidedBy("ada")
        .setDecidedAt(Instant.EPOCH);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static Map<String, String> texts(Headers headers) {
    return Arrays.stream(headers.toArray())
        .collect(
            Collectors.toMap(header -> header.key(), header -> new String(header.value(), UTF_8)));
  }
}
