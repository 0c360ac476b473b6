package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class RepairIT {

  @Test
  void aServiceThatIsDownIsFoundAndRestarted(Millrace millrace) {
    // given
    eventually().untilAsserted(() -> assertThat(status(millrace)).isEqualTo("healthy"));
    int before = millrace.watched().restarts();

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
