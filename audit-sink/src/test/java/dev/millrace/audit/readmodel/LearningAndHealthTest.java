package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.readmodel.LearningIntents.OfLearner;
import dev.millrace.audit.readmodel.LearningIntents.Stated;
import dev.millrace.schemas.health.HealthProbe;
import dev.millrace.schemas.health.HealthStatus;
import dev.millrace.schemas.health.ProjectStatus;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.PlanStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningAndHealthTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "+i1 +i2, true, i2",
    "+i1 +i2 +i1, true, i1",
    "+i1 -i1, true,",
    "+i1 -i2, true, i1",
    "-i2, false,"
  })
  void anIntentIsActiveUntilItIsEndedOrAnotherBecomesActive(
      String stated, boolean replaces, @Nullable String active) {
    // given
    OfLearner intents = new OfLearner();

    // when
    for (String one : stated.split(" ", -1)) {
      intents.add(stated(one.substring(1), one.startsWith("+")));
    }

    // then
    assertThat(intents.replaces()).as("ends the one of before").isEqualTo(replaces);
    assertThat(intents.active()).isEqualTo(active);
  }

  @Test
  void anIntentThatBecomesActiveAgainIsAsOldAsItWas() {
    // given
    OfLearner intents = new OfLearner();
    intents.add(stated("i1", true));
    intents.add(stated("i2", true));

    // when
    intents.add(new Stated(stated("i1", true).intent(), NOW.plusSeconds(60), "trace"));

    // then
    assertThat(intents.last()).extracting(Stated::at).containsExactly(NOW, NOW);
  }

  @Test
  void aSessionCompletedAgainIsCorrectedAndKeepsItsTime() {
    // given
    LearningSessions.Change first = new LearningSessions.Change(null, completion(), NOW, "trace-1");
    LearningCompletion corrected =
        LearningCompletion.newBuilder(completion()).setConfidence(3).build();

    // when
    LearningSessions.Change change =
        first.then(new LearningSessions.Change(null, corrected, NOW.plusSeconds(60), "trace-2"));

    // then
    assertThat(change.completion()).isEqualTo(corrected);
    assertThat(change.completedAt()).isEqualTo(NOW);
  }

  @Test
  void aPlanAndItsCompletionMeetInAnyOrder() {
    LearningSessions.Change planned = new LearningSessions.Change(plan(), null, null, "trace-p");
    LearningSessions.Change completed =
        new LearningSessions.Change(null, completion(), NOW, "trace-c");

    assertThat(planned.then(completed)).isEqualTo(completed.then(planned));
    assertThat(planned.then(completed).traceId()).isEqualTo("trace-p");
  }

  @Test
  void theNewestPlanOfASessionCounts() {
    LearningSessions.Change first = new LearningSessions.Change(plan(), null, null, "trace-1");
    LearningSessions.Change second =
        new LearningSessions.Change(
            LearningPlan.newBuilder(plan()).setCreatedAt(NOW.plusSeconds(5)).build(),
            null,
            null,
            "trace-2");

    assertThat(first.then(second)).isEqualTo(second);
    assertThat(second.then(first)).isEqualTo(second);
  }

  @Test
  void anOlderStatusOrProbeDoesNotReplaceANewerOne() {
    HealthProjects.Change down =
        new HealthProjects.Change(status(ProjectStatus.DOWN, 10), null, "a");
    HealthProjects.Change healthy =
        new HealthProjects.Change(status(ProjectStatus.HEALTHY, 5), null, "b");
    HealthProjects.Change probe = new HealthProjects.Change(null, probe(20, 7.5), "c");

    HealthProjects.Change change = down.then(healthy).then(probe).then(probeAt(15));

    assertThat(change.status()).isEqualTo(down.status());
    assertThat(change.traceId()).isEqualTo("a");
    assertThat(change.responseTimeMs()).isEqualTo(7.5);
  }

  private static Stated stated(String id, boolean active) {
    LearningIntent intent =
        LearningIntent.newBuilder()
            .setIntentId(id)
            .setUserId("u1")
            .setTopic("Kafka")
            .setDepth("deep")
            .setEndGoal("run it")
            .setTimePerDayMin(30)
            .setActive(active)
            .build();
    return new Stated(intent, NOW, "trace");
  }

  private static LearningPlan plan() {
    return LearningPlan.newBuilder()
        .setSessionId("s1")
        .setRequestId("q1")
        .setUserId("u1")
        .setStatus(PlanStatus.PLANNED)
        .setWeek(1)
        .setDay(1)
        .setCreatedAt(NOW)
        .build();
  }

  private static LearningCompletion completion() {
    return LearningCompletion.newBuilder()
        .setSessionId("s1")
        .setUserId("u1")
        .setCompletionTimeMin(25)
        .setConfidence(8)
        .build();
  }

  private static HealthStatus status(ProjectStatus status, long second) {
    return HealthStatus.newBuilder()
        .setProject("shop")
        .setStatus(status)
        .setReason("observed")
        .setChangedAt(NOW.plusSeconds(second))
        .build();
  }

  private static HealthProjects.Change probeAt(long second) {
    return new HealthProjects.Change(null, probe(second, 99), "d");
  }

  private static HealthProbe probe(long second, double responseTimeMs) {
    return HealthProbe.newBuilder()
        .setProject("shop")
        .setUrl("http://localhost/health")
        .setUp(true)
        .setResponseTimeMs(responseTimeMs)
        .setObservedAt(NOW.plusSeconds(second))
        .build();
  }
}
