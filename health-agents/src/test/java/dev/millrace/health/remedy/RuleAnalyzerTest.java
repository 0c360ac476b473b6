package dev.millrace.health.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.health.remedy.Analysis.Proposal;
import dev.millrace.schemas.health.HealthAnomaly;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleAnalyzerTest {

  private static final Instant NOW = Instant.parse("2026-01-19T15:00:00Z");

  private final RuleAnalyzer analyzer = new RuleAnalyzer();

  @Property(tries = 300)
  void confidenceStaysWithinBoundsAndAFailureNeverRaisesIt(
      @ForAll @Size(max = 12) List<PastRepair.Result> results, @ForAll double value) {
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder()
            .setAnomalyId("a-1")
            .setProject("p")
            .setType("high_cpu")
            .setMetric("cpu_percent")
            .setValue(value)
            .setThreshold(90.0)
            .build();
    List<PastRepair> past =
        results.stream().map(result -> new PastRepair("c", result, NOW)).toList();
    List<PastRepair> withFailure = new ArrayList<>(past);
    withFailure.add(new PastRepair("d", PastRepair.Result.FAILED, NOW));

    double before = confidence(anomaly, past);
    double after = confidence(anomaly, withFailure);

    assertThat(before).isBetween(0.0, 1.0);
    assertThat(after).isBetween(0.0, before);
  }

  @Test
  void oldFailuresAreForgotten() {
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder().setAnomalyId("a-1").setProject("p").setType("down").build();
    PastRepair old = new PastRepair("c", PastRepair.Result.FAILED, NOW.minusSeconds(25 * 60 * 60));

    assertThat(confidence(anomaly, List.of(old))).isEqualTo(confidence(anomaly, List.of()));
  }

  @Test
  void aDegradedProjectIsOnlyWatched() {
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder().setAnomalyId("a-1").setProject("p").setType("degraded").build();

    Analysis analysis = analyzer.analyze(new Finding(anomaly, Map.of(), List.of(), NOW));

    assertThat(analysis.proposal()).isEqualTo(new Proposal.Watch());
  }

  @Test
  void whatAPersonRejectedLatelyIsProposedWithLessConfidence() {
    // given
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder().setAnomalyId("a-1").setProject("p").setType("down").build();
    PastAnswer no = answer("down", false, null, NOW.minusSeconds(60));
    PastAnswer another = answer("down", true, "clear_cache", NOW.minusSeconds(60));
    PastAnswer yes = answer("down", true, null, NOW.minusSeconds(60));
    PastAnswer old = answer("down", false, null, NOW.minusSeconds(25 * 60 * 60));
    PastAnswer ofAnotherKind = answer("trend", false, null, NOW.minusSeconds(60));

    // when
    Analysis analysis =
        analyzer.analyze(
            new Finding(anomaly, Map.of(), List.of(old, no, ofAnotherKind, another, yes), NOW));

    // then
    assertThat(analysis.confidence()).isEqualTo(0.60);
    assertThat(analysis.reasoning()).contains("people did not want it here 2 times");
  }

  @Test
  void aTrendIsForAPersonHoweverOftenTheActionHelped() {
    // given
    HealthAnomaly anomaly =
        HealthAnomaly.newBuilder()
            .setAnomalyId("a-1")
            .setProject("p")
            .setType("trend")
            .setMetric("memory_percent")
            .setValue(80.0)
            .setThreshold(90.0)
            .build();
    List<PastRepair> helped =
        List.of(
            new PastRepair("c", PastRepair.Result.SUCCEEDED, NOW),
            new PastRepair("d", PastRepair.Result.SUCCEEDED, NOW));

    // when
    Analysis analysis =
        analyzer.analyze(new Finding(anomaly, Map.of("clear_cache", helped), List.of(), NOW));

    // then
    assertThat(analysis.proposal()).isEqualTo(new Proposal.Act("clear_cache"));
    assertThat(analysis.confidence()).isEqualTo(0.60);
  }

  private static PastAnswer answer(
      String type, boolean approved, @Nullable String instead, Instant at) {
    return new PastAnswer(type, "restart_service", approved, instead, null, at);
  }

  private double confidence(HealthAnomaly anomaly, List<PastRepair> past) {
    String action = anomaly.getType().equals("down") ? "restart_service" : "pause_service";
    return analyzer
        .analyze(new Finding(anomaly, Map.of(action, past), List.of(), NOW))
        .confidence();
  }
}
