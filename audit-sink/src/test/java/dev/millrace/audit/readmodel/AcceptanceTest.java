package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.redact.Redactor;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({
    "shop, shop, 0, 7.5, false",
    "shop, shop, 59000, 0, false",
    "shop, shop, 61000, 7.5, true",
    "shop, shop, 0, NaN, true",
    "shop, shop, 0, -1, true",
    "chat, shop, 0, 7.5, true",
    "a shop, a shop, 0, 7.5, true"
  })
  void aProbeThatMakesNoSenseChangesNothing(
      String key, String project, long aheadMs, double responseTimeMs, boolean isRefused) {
    // given
    HealthProbe probe =
        HealthProbe.newBuilder()
            .setProject(project)
            .setUrl("http://localhost/health")
            .setUp(true)
            .setResponseTimeMs(responseTimeMs)
            .setObservedAt(Instant.ofEpochMilli(Records.TIMESTAMP + aheadMs))
            .build();

    // when
    boolean refused = refused(key, probe);

    // then
    assertThat(refused).isEqualTo(isRefused);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T23:59:59Z, true",
    "2026-11-21T00:00:01Z, false",
    "+57850-01-01T00:00:00Z, false",
    "1969-12-31T23:59:59Z, false",
    ", false"
  })
  void aTimeCountsUnlessItIsToComeWhenItsRecordIsWritten(@Nullable Instant told, boolean counts) {
    // given
    MirrorRow row = row(Topics.LEARNING_INTENTS, "ada", intent("deep", 30), null);

    // when
    Instant time = Acceptance.timeOf(told, row);

    // then
    assertThat(time).isEqualTo(counts ? told : Instant.ofEpochMilli(Records.TIMESTAMP));
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
        Records.record(
            topic.name(),
            0,
            1,
            Records.TIMESTAMP,
            key.getBytes(StandardCharsets.UTF_8),
            new byte[] {0},
            Records.headers());
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
