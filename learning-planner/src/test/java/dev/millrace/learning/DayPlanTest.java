package dev.millrace.learning;

import static dev.millrace.learning.LearningDriver.DATA;
import static dev.millrace.learning.LearningDriver.USER;
import static dev.millrace.learning.LearningDriver.WAIT;
import static dev.millrace.learning.LearningDriver.intent;
import static dev.millrace.learning.LearningDriver.planRequest;
import static dev.millrace.learning.LearningDriver.quality;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import dev.millrace.schemas.learning.PlanStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plans: from what they are made, when, and how often. */
class DayPlanTest {

  private final LearningDriver learning = new LearningDriver();

  @AfterEach
  void close() {
    learning.close();
  }

  @Test
  void aPlanNeedsAnActiveIntent() {
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.plans())
        .singleElement()
        .satisfies(plan -> {
          assertThat(plan.getStatus()).isEqualTo(PlanStatus.NO_ACTIVE_INTENT);
          assertThat(plan.getRequestId()).isEqualTo("r-1");
        });
  }

  @Test
  void anEndedIntentIsNotActive() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").setActive(false).build());

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.plans())
        .extracting(LearningPlan::getStatus)
        .containsExactly(PlanStatus.NO_ACTIVE_INTENT);
  }

  @Test
  void freshSignalsMakeAPlanAtOnce() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));

    LearningPlan plan = learning.onlyPlan();
    assertThat(plan.getCacheHits()).isEqualTo(4);
    assertThat(plan.getCacheMisses()).isZero();
    assertThat(plan.getDegradedMode()).isFalse();
    assertThat(plan.getGenerator()).isEqualTo("offline");
    assertThat(plan.getTitle()).isEqualTo("Neural Network Fundamentals");
    assertThat(plan.getPlanMd())
        .startsWith("# Daily Learning Plan\n\n## Today's Focus: Neural Network Fundamentals\n")
        .contains("1. Review basics – 10 min");
    assertThat(plan.getSteps()).startsWith("Review basics", "Build a small net");
    assertThat(quality(plan, "ta").getFresh()).isTrue();
    assertThat(learning.signalRequests()).isEmpty();
  }

  @Test
  void aStaleSignalIsAskedForAndThePlanWaitsForIt() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.pass(Duration.ofHours(13));

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));

    assertThat(learning.plans()).isEmpty();
    LearningSignalRequest asked = learning.signalRequests().getFirst();
    assertThat(asked.getAgent()).isEqualTo("ta");
    assertThat(asked.getIfNoneMatch()).isEqualTo("v1");
    learning.say("ta", "{}", "v1", asked.getRequestId());
    LearningPlan plan = learning.onlyPlan();
    assertThat(plan.getCacheHits()).isEqualTo(3);
    assertThat(plan.getCacheMisses()).isEqualTo(1);
    assertThat(plan.getDegradedMode()).isFalse();
    assertThat(plan.getPlanMd()).contains("ta: Start slowly.");
  }

  @Test
  void aPlanThatNobodyAnswersForIsMadeFromWhatThereIs() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    assertThat(learning.signalRequests()).hasSize(4);
    assertThat(learning.plans()).isEmpty();

    learning.pass(WAIT);

    LearningPlan plan = learning.onlyPlan();
    assertThat(plan.getStatus()).isEqualTo(PlanStatus.PLANNED);
    assertThat(plan.getDegradedMode()).isTrue();
    assertThat(plan.getCacheMisses()).isEqualTo(4);
    assertThat(plan.getSteps()).isNotEmpty();
    assertThat(plan.getTitle()).startsWith("Machine Learning");
  }

  @Test
  void aFailedAgentIsNotWaitedFor() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.pass(Duration.ofHours(13));
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    LearningSignal failed =
        LearningSignal.newBuilder()
            .setUserId(USER)
            .setAgent("ta")
            .setOk(false)
            .setCode("TIMEOUT")
            .setRequestId(learning.signalRequests().getFirst().getRequestId())
            .build();
    learning.send(Topics.LEARNING_SIGNALS, failed);

    LearningPlan plan = learning.onlyPlan();
    assertThat(plan.getDegradedMode()).isTrue();
    assertThat(quality(plan, "ta").getAvailable()).isTrue();
    assertThat(quality(plan, "ta").getFresh()).isFalse();
  }

  @Test
  void aForcedRefreshAsksEveryAgent() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, true));

    assertThat(learning.signalRequests()).hasSize(4);
    assertThat(learning.plans()).isEmpty();
    learning.allAgentsSay("{\"focus\": \"Newer\"}", "v2");
    LearningPlan plan = learning.onlyPlan();
    assertThat(plan.getTitle()).isEqualTo("Newer");
    assertThat(plan.getCacheHits()).isZero();
    assertThat(plan.getCacheMisses()).isEqualTo(4);
    assertThat(plan.getDegradedMode()).isFalse();
  }

  @Test
  void aPlanRequestThatComesTwiceIsAnsweredOnce() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.plans()).hasSize(1);
    assertThat(learning.statuses().getLast().getLearningStats().getTotalSessions()).isEqualTo(1);
  }

  @Test
  void aDayThatIsPlannedAgainKeepsItsSession() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-2", 1, 1, false));

    assertThat(learning.plans())
        .extracting(LearningPlan::getSessionId)
        .hasSize(2)
        .containsOnly(learning.statuses().getLast().getLatestSession().getSessionId());
  }

  @Test
  void whatFollowsStaysInTheTraceOfItsCause() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    TraceContext trace = TraceContext.start();
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false), trace);
    learning.pass(WAIT);

    TestRecord<String, LearningPlan> plan = learning.record(Topics.LEARNING_PLANS);

    String traceparent =
        new String(
            plan.headers().lastHeader(EventHeaders.TRACEPARENT).value(), StandardCharsets.UTF_8);
    assertThat(traceparent).contains(trace.traceId());
    assertThat(plan.headers().lastHeader(EventHeaders.ID)).isNotNull();
  }
}
