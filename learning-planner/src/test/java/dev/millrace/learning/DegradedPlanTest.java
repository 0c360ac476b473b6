package dev.millrace.learning;

import static dev.millrace.learning.LearningDriver.DATA;
import static dev.millrace.learning.LearningDriver.USER;
import static dev.millrace.learning.LearningDriver.WAIT;
import static dev.millrace.learning.LearningDriver.intent;
import static dev.millrace.learning.LearningDriver.planRequest;
import static dev.millrace.learning.LearningDriver.quality;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningSignal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a plan is degraded: an agent failed, or has nothing recent enough to do without it. */
class DegradedPlanTest {

  @Test
  void aSignalThatIsNoLongerFreshDoesNotDegradeWhereAgentsSpeakWhenTheyLike() {
    try (LearningDriver learning = planAskedFor(false, Duration.ofHours(13))) {
      learning.pass(WAIT);

      LearningPlan plan = learning.onlyPlan();
      assertThat(plan.getDegradedMode()).isFalse();
      assertThat(plan.getCacheHits()).isEqualTo(3);
      assertThat(plan.getCacheMisses()).isEqualTo(1);
      assertThat(quality(plan, "ta").getAvailable()).isTrue();
      assertThat(quality(plan, "ta").getFresh()).isFalse();
    }
  }

  @Test
  void aSignalThatIsADayOlderThanThatDegrades() {
    try (LearningDriver learning = planAskedFor(false, Duration.ofHours(37))) {
      learning.pass(WAIT);

      assertThat(learning.onlyPlan().getDegradedMode()).isTrue();
    }
  }

  @Test
  void anAgentThatIsCalledAndSilentDegrades() {
    try (LearningDriver learning = planAskedFor(true, Duration.ofHours(13))) {
      learning.pass(WAIT);

      assertThat(learning.onlyPlan().getDegradedMode()).isTrue();
    }
  }

  @Test
  void anAgentThatHasNothingNewerToSayHasAnswered() {
    try (LearningDriver learning = planAskedFor(true, Duration.ofHours(13))) {
      LearningSignal asOfYesterday =
          LearningSignal.newBuilder()
              .setUserId(USER)
              .setAgent("ta")
              .setData(DATA)
              .setEtag("v1")
              .setRequestId(learning.signalRequests().getFirst().getRequestId())
              .setObservedAt(LearningDriver.START)
              .build();

      learning.send(Topics.LEARNING_SIGNALS, asOfYesterday);

      LearningPlan plan = learning.onlyPlan();
      assertThat(plan.getDegradedMode()).isFalse();
      assertThat(quality(plan, "ta").getFresh()).isFalse();
    }
  }

  /** All agents spoke so long ago, and a plan was asked for now. */
  private static LearningDriver planAskedFor(boolean agentsAreCalled, Duration age) {
    LearningDriver learning = new LearningDriver(agentsAreCalled);
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.say("ta", DATA, "v1", null);
    learning.pass(age);
    for (String agent : new String[] {"clo", "alex", "socratic"}) {
      learning.say(agent, DATA, "v1", null);
    }
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));
    return learning;
  }
}
