package dev.millrace.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.health.HealthAnomaly;
import dev.millrace.schemas.health.Severity;
import dev.millrace.schemas.remediation.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrendAnomalyTest {

  private HealthDriver health = new HealthDriver();

  @AfterEach
  void close() {
    health.close();
  }

  @Test
  void memoryThatIsGoingToRunOutIsToldOfOnceAndAPersonIsAsked() {
    // when
    grow(60, 2, 14);

    // then
    HealthAnomaly anomaly = health.only(Topics.HEALTH_ANOMALIES);
    assertThat(anomaly.getType()).isEqualTo("trend");
    assertThat(anomaly.getSeverity()).isEqualTo(Severity.WARNING);
    assertThat(anomaly.getMetric()).isEqualTo("memory_percent");
    assertThat(anomaly.getEvidence())
        .contains("\"method\":\"Theil-Sen\"", "\"growth_per_minute\":2.0");
  }

  @Test
  void aTrendIsNeverRepairedByTheRulesAlone() {
    // when
    health.anomaly("a-1", "trend");

    // then
    assertThat(health.only(Topics.REMEDIATION_ANALYSES).getDecision()).isEqualTo(Decision.ESCALATE);
    assertThat(health.read(Topics.REMEDIATION_COMMANDS)).isEmpty();
  }

  @Test
  void aSeriesThatCalmedDownIsToldOfAgain() {
    // given
    grow(60, 2, 10);
    assertThat(types()).containsExactly("trend");

    // when
    grow(60, 0, 14);
    grow(60, 2, 12);

    // then
    assertThat(types()).containsExactly("trend");
  }

  @Test
  void nothingIsToldWhereTheHorizonIsZero() {
    // given
    health.close();
    health = new HealthDriver(Map.of("HEALTH_TREND_HORIZON", "0s"));

    // when
    grow(60, 2, 14);

    // then
    assertThat(types()).isEmpty();
  }

  /** A sample in every minute, each so much above the one before. */
  private void grow(double from, double by, int samples) {
    for (int i = 0; i < samples; i++) {
      health.pass(Duration.ofMinutes(1));
      health.metric("memory", from + by * i);
    }
  }

  private List<String> types() {
    return health.read(Topics.HEALTH_ANOMALIES).stream().map(HealthAnomaly::getType).toList();
  }
}
