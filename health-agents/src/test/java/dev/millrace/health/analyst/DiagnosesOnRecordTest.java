package dev.millrace.health.analyst;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.serde.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class DiagnosesOnRecordTest {

  private static final Instant NOW = Instant.parse("2026-01-19T15:00:00Z");
  private static final String TOPIC = Topics.REMEDIATION_DIAGNOSES.name();
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Serde<RemediationDiagnosis> SERDE =
      SingleObjectSerde.of(Topics.REMEDIATION_DIAGNOSES);

  @Test
  void theDiagnosisOfARequestIsFound() {
    assertThat(isOnRecord("r-1", diagnosis("r-0"), diagnosis("r-1"))).isTrue();
    assertThat(isOnRecord("r-2", diagnosis("r-0"), diagnosis("r-1"))).isFalse();
  }

  @Test
  void whatCannotBeReadIsNoAnswerAndHidesNone() {
    byte[] nonsense = "no diagnosis".getBytes(StandardCharsets.UTF_8);

    assertThat(isOnRecord("r-1", nonsense, diagnosis("r-1"))).isTrue();
    assertThat(isOnRecord("r-2", nonsense, diagnosis("r-1"))).isFalse();
  }

  private static boolean isOnRecord(String request, byte[]... values) {
    return new DiagnosesOnRecord(() -> consumer(values), (_, value) -> read(value))
        .holds(Requests.request(request, "{}", NOW));
  }

  private static RemediationDiagnosis read(byte[] value) {
    int _ = WireFormat.schemaId(value);
    return SERDE
        .deserializer()
        .deserialize(TOPIC, Arrays.copyOfRange(value, WireFormat.PREFIX_LENGTH, value.length));
  }

  private static byte[] diagnosis(String request) {
    RemediationDiagnosis diagnosis =
        RemediationDiagnosis.newBuilder()
            .setRequestId(request)
            .setAnomalyId("a-1")
            .setProject("email-blast")
            .setAnalyzer("model:scribe")
            .setDiagnosedAt(NOW)
            .build();
    return WireFormat.frame(1, SERDE.serializer().serialize(TOPIC, diagnosis));
  }

  private static MockConsumer<byte[], byte[]> consumer(byte[]... values) {
    MockConsumer<byte[], byte[]> consumer =
        new MockConsumer<>("earliest") {
          @Override
          public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
              Map<TopicPartition, Long> times) {
            return Map.of(PARTITION, new OffsetAndTimestamp(0, NOW.toEpochMilli()));
          }
        };
    consumer.updatePartitions(TOPIC, List.of(new PartitionInfo(TOPIC, 0, null, null, null)));
    consumer.updateEndOffsets(Map.of(PARTITION, (long) values.length));
    consumer.schedulePollTask(() -> {
      for (int offset = 0; offset < values.length; offset++) {
        consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, offset, new byte[0], values[offset]));
      }
    });
    return consumer;
  }
}
