package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthMetric;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a sample, however it came, to the anomaly and to what is really done. */
@ExtendWith(WithMillrace.class)
class MetricRepairIT {

  private static final String PROJECT = WatchedService.METERED_PROJECT;

  @Test
  void memoryThatAProjectExposesIsGivenBack(Millrace millrace) {
    // when
    millrace
        .metered()
        .expose(
            """
            # TYPE process_resident_memory_bytes gauge
            process_resident_memory_bytes %d
            """
                .formatted(970L << 20));

    // then
    eventually()
        .untilAsserted(() -> assertThat(millrace.metered().actions()).contains("clear_cache"));
    eventually()
        .untilAsserted(() ->
            assertThat(repairs(millrace)).contains("high_memory execute clear_cache succeeded"));
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        """
                        SELECT event_type FROM ai_events
                        WHERE trace_id = (SELECT trace_id FROM remediations
                                          WHERE project = ? AND anomaly_type = 'high_memory'
                                          LIMIT 1)
                        """,
                        PROJECT))
                .contains(
                    "health_anomaly_detected", "remediation_analyzed", "remediation_succeeded"));
  }

  @Test
  void cpuThatAClientReportsPausesTheProject(Millrace millrace) {
    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/metrics",
                "{\"project\": \"%s\", \"name\": \"cpu\", \"value\": 97.5}".formatted(PROJECT));

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    eventually()
        .untilAsserted(() -> assertThat(millrace.metered().actions()).contains("pause_service"));
    eventually()
        .untilAsserted(() ->
            assertThat(repairs(millrace)).contains("high_cpu execute pause_service succeeded"));
  }

  @Test
  void errorsThatAProducerReportsRestartTheProject(Millrace millrace) throws Exception {
    // given
    HealthMetric sample =
        HealthMetric.newBuilder()
            .setProject(PROJECT)
            .setName("error_rate_percent")
            .setValue(25)
            .build();

    // when
    try (Producer<String, SpecificRecord> producer =
        millrace.kafka().producer("it-metrics", Duration.ofSeconds(30))) {
      producer.send(new ProducerRecord<>(Topics.HEALTH_METRICS.name(), PROJECT, sample)).get();
    }

    // then
    eventually()
        .untilAsserted(() -> assertThat(millrace.metered().actions()).contains("restart_service"));
    eventually()
        .untilAsserted(() ->
            assertThat(repairs(millrace)).contains("high_error execute restart_service succeeded"));
  }

  private static List<String> repairs(Millrace millrace) {
    return Queries.texts(
        millrace,
        "SELECT concat_ws(' ', anomaly_type, decision, action, outcome) FROM remediations"
            + " WHERE project = ?",
        PROJECT);
  }
}
