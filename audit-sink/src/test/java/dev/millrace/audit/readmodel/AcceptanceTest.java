package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.redact.Redactor;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AcceptanceTest {

  @Test
  void whatThePlannerGivesUpChangesNothing() {
    assertThat(refused("ada", intent("deep", 30))).isFalse();
    assertThat(refused("ada", intent("abyssal", 30))).isTrue();
    assertThat(refused("ada", intent("deep", -5))).isTrue();
    assertThat(refused("bob", intent("deep", 30))).isTrue();

    assertThat(refused("ada", completion(7))).isFalse();
    assertThat(refused("ada", completion(99))).isTrue();
  }

  @Test
  void anAnomalyWithoutANameOrAMeasureChangesNothing() {
    assertThat(refused("shop", anomaly("a-1", 0.97))).isFalse();
    assertThat(refused("shop", anomaly("", 0.97))).isTrue();
    assertThat(refused("shop", anomaly("a-1", Double.NaN))).isTrue();
    assertThat(refused("shop", anomaly("a-1", Double.NEGATIVE_INFINITY))).isTrue();
  }

  @Test
  void aRecordOfWhichSomethingWasTakenOutCounts() {
    MirrorRow withheld =
        row(Topics.LEARNING_INTENTS, "ada", intent("abyssal", 30), Redactor.WITHHELD);

    assertThat(Acceptance.refuses(withheld)).isFalse();
  }

  private static boolean refused(String key, SpecificRecord value) {
    return Acceptance.refuses(row(Topics.LEARNING_INTENTS, key, value, null));
  }

  private static MirrorRow row(
      Topic<?> topic, String key, SpecificRecord value, @Nullable String redacted) {
    MirrorRow made = Records.row(topic, 1, value);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            topic.name(), 0, 1, key.getBytes(StandardCharsets.UTF_8), new byte[] {0});
    return MirrorRow.of(record, made.value(), redacted);
  }

  private static LearningIntent intent(String depth, int minutes) {
    return LearningIntent.newBuilder()
        .setIntentId("i1")
        .setUserId("ada")
        .setTopic("Kafka")
        .setDepth(depth)
        .setEndGoal("run a broker")
        .setTimePerDayMin(minutes)
        .build();
  }

  private static LearningCompletion completion(int confidence) {
    return LearningCompletion.newBuilder()
        .setSessionId("s1")
        .setUserId("ada")
        .setCompletionTimeMin(20)
        .setConfidence(confidence)
        .build();
  }

  private static HealthAnomaly anomaly(String id, double value) {
    return HealthAnomaly.newBuilder()
        .setAnomalyId(id)
        .setProject("shop")
        .setType("high_memory")
        .setValue(value)
        .build();
  }
}
