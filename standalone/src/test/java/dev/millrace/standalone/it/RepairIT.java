package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class RepairIT {

  @Test
  void aServiceThatIsDownIsFoundAndRestarted(Millrace millrace) {
    // given
    eventually().untilAsserted(() -> assertThat(status(millrace)).isEqualTo("healthy"));
    long before = millrace.watched().restarts();

    // when
    millrace.watched().breakDown();

    // then
    eventually()
        .untilAsserted(() -> assertThat(millrace.watched().restarts()).isGreaterThan(before));
    eventually().untilAsserted(() -> assertThat(status(millrace)).isEqualTo("healthy"));
    assertThat(millrace.watched().isHealthy()).isTrue();
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        """
                        SELECT event_type FROM ai_events
                        WHERE trace_id = (SELECT trace_id FROM ai_events
                                          WHERE event_type = 'remediation_succeeded'
                                            AND subject = ?
                                          ORDER BY "timestamp" DESC LIMIT 1)
                        """,
                        WatchedService.PROJECT))
                .contains(
                    "health_anomaly_detected",
                    "remediation_analyzed",
                    "remediation_commanded",
                    "remediation_started",
                    "remediation_succeeded"));
  }

  @Test
  void aMadeUpAnomalyWithoutAHookIsDecidedAndItsRepairSkipped(Millrace millrace) {
    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .post("/api/test/anomaly", "{\"projectName\":\"nowhere\",\"type\":\"high_memory\"}");

    // then
    assertThat(answer.status()).isEqualTo(200);
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM ai_events WHERE subject = 'nowhere'"
                            + " AND event_type = 'remediation_skipped'"))
                .isEqualTo(1));
  }

  @Test
  void whatNoRuleKnowsIsDecidedByAPerson(Millrace millrace) throws Exception {
    // given
    String project = "mill-" + UUID.randomUUID();
    anomaly(millrace, project, Instant.now());
    String path = "/api/escalations/" + escalation(millrace, project, "open");

    // when
    Gateway.Answer unnamed = millrace.gateway().post(path + "/approve", "{}");
    Gateway.Answer answer =
        millrace.gateway().post(path + "/approve", "{\"action\":\"pause_service\"}");

    // then
    assertThat(unnamed.status()).isEqualTo(400);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT action || ' ' || outcome FROM remediations WHERE project = ?",
                        project))
                .containsExactly("pause_service skipped"));
    assertThat(millrace.gateway().get(path).json().path("status").asText()).isEqualTo("approved");
    assertThat(millrace.gateway().post(path + "/reject", "{}").status()).isEqualTo(409);
  }

  @Test
  void whatAPersonRejectsIsNotDone(Millrace millrace) throws Exception {
    // given
    String project = "mill-" + UUID.randomUUID();
    anomaly(millrace, project, Instant.now());
    String path = "/api/escalations/" + escalation(millrace, project, "open");

    // when
    Gateway.Answer answer =
        millrace.gateway().post(path + "/reject", "{\"reason\":\"it only looks worn\"}");

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get(path).json().path("status").asText())
                .isEqualTo("rejected"));
    assertThat(millrace.gateway().get(path).json().path("comment").asText())
        .isEqualTo("it only looks worn");
    assertThat(millrace.gateway().post(path + "/approve", "{\"action\":\"clear_cache\"}").status())
        .isEqualTo(409);
    assertThat(
            Queries.count(
                millrace,
                "SELECT count(*) FROM ai_events WHERE event_type = 'remediation_commanded'"
                    + " AND subject = ?",
                project))
        .isZero();
  }

  @Test
  void whatNobodyDecidedInTimeIsOver(Millrace millrace) throws Exception {
    // given
    String project = "mill-" + UUID.randomUUID();
    anomaly(millrace, project, Instant.now().minus(Duration.ofHours(2)));
    String path = "/api/escalations/" + escalation(millrace, project, "expired");

    // when
    Gateway.Answer answer =
        millrace.gateway().post(path + "/approve", "{\"action\":\"clear_cache\"}");

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(409);
    assertThat(answer.text()).contains("expired");
  }

  /** An anomaly that no rule knows. */
  private static void anomaly(Millrace millrace, String project, Instant at) throws Exception {
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder()
            .setAnomalyId(project)
            .setProject(project)
            .setType("stone_worn")
            .setSeverity(Severity.WARNING)
            .setSynthetic(true)
            .setDetectedAt(at)
            .build();
    try (Producer<String, SpecificRecord> producer =
        millrace.kafka().producer("it-anomalies", Duration.ofSeconds(30))) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.HEALTH_ANOMALIES.name(), null, at.toEpochMilli(), project, anomaly))
          .get();
    }
  }

  /** The escalation of a project, when there is one like this. */
  private static String escalation(Millrace millrace, String project, String status) {
    String list = "/api/escalations?status=" + status + "&project=" + project;
    eventually()
        .untilAsserted(
            () -> assertThat(millrace.gateway().get(list).json().path("escalations")).hasSize(1));
    return millrace.gateway().get(list).json().at("/escalations/0/escalation_id").asText();
  }

  private static String status(Millrace millrace) {
    return Queries.texts(
            millrace,
            "SELECT lower(status) FROM health_projects WHERE project = ?",
            WatchedService.PROJECT)
        .stream()
        .findFirst()
        .orElse("unknown");
  }
}
