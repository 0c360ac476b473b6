package dev.millrace.learning;

import static dev.millrace.learning.LearningDriver.DATA;
import static dev.millrace.learning.LearningDriver.START;
import static dev.millrace.learning.LearningDriver.USER;
import static dev.millrace.learning.LearningDriver.WAIT;
import static dev.millrace.learning.LearningDriver.intent;
import static dev.millrace.learning.LearningDriver.planRequest;
import static dev.millrace.learning.LearningDriver.quality;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.learning.signal.SignalAgent;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningSignalRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signals belong to what the learner learns: those about something else make no plan. */
class SignalSubjectTest {

  private final LearningDriver learning = new LearningDriver();

  @AfterEach
  void close() {
    learning.close();
  }

  @Test
  void signalsAboutAnotherTopicAreMissing() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_INTENTS, french());

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.signalRequests())
        .hasSize(4)
        .extracting(LearningSignalRequest::getIfNoneMatch)
        .containsOnlyNulls();
    learning.pass(WAIT);
    LearningPlan plan = learning.onlyPlan();
    assertThat(plan.getCacheHits()).isZero();
    assertThat(plan.getCacheMisses()).isEqualTo(4);
    assertThat(plan.getDegradedMode()).isTrue();
    assertThat(plan.getTitle()).startsWith("French");
    assertThat(quality(plan, "clo").getAvailable()).isFalse();
  }

  @Test
  void anIntentThatEndedInBetweenChangesNothingAboutThat() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").setActive(false).build());
    learning.send(Topics.LEARNING_INTENTS, french());

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.signalRequests()).hasSize(4);
  }

  @Test
  void theSameTopicToldAgainKeepsItsSignals() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(
        Topics.LEARNING_INTENTS,
        intent("UTC").setIntentId("intent-2").setTopic(" machine learning").build());

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.onlyPlan().getCacheHits()).isEqualTo(4);
  }

  @Test
  void signalsFromBeforeAnyIntentAreAboutTheFirst() {
    learning.allAgentsSay(DATA);
    learning.pass(Duration.ofMinutes(1));
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    assertThat(learning.onlyPlan().getCacheHits()).isEqualTo(4);
  }

  @Test
  void aSignalThatWasTrueBeforeTheTopicChangedIsAboutTheEarlierOne() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.pass(Duration.ofMinutes(1));
    learning.send(Topics.LEARNING_INTENTS, french());

    learning.send(Topics.LEARNING_SIGNALS, signal("clo", null, START));

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    assertThat(learning.signalRequests())
        .extracting(LearningSignalRequest::getAgent)
        .contains("clo");
  }

  @Test
  void aSignalThatNamesAnotherIntentIsLeftAside() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());

    learning.send(Topics.LEARNING_SIGNALS, signal("clo", "intent-of-yesterday", null));
    learning.send(Topics.LEARNING_SIGNALS, signal("ta", "intent-1", null));

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    assertThat(learning.signalRequests())
        .extracting(LearningSignalRequest::getAgent)
        .containsExactly("clo", "alex", "socratic");
  }

  @Test
  void aPlanThatWaitsIsMadeForTheTopicItWasAskedFor() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));

    learning.send(Topics.LEARNING_INTENTS, french());

    assertThat(learning.onlyPlan().getTopic()).isEqualTo("Machine Learning");
  }

  @Test
  void aForcedRefreshAsksForEverythingAnew() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);

    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, true));

    assertThat(learning.signalRequests())
        .hasSize(4)
        .extracting(LearningSignalRequest::getIfNoneMatch)
        .containsOnlyNulls();
  }

  @Test
  void whatIsUnchangedRenewsTheContentOfThatEtag() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA, "v1");
    learning.pass(Duration.ofHours(13));
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    String asked = learning.signalRequests().getFirst().getRequestId();

    learning.send(Topics.LEARNING_SIGNALS, unchanged("v1", asked));

    LearningPlan plan = learning.onlyPlan();
    assertThat(quality(plan, "ta").getFresh()).isTrue();
    assertThat(plan.getPlanMd()).contains("ta: Start slowly.");
  }

  @Test
  void whatIsUnchangedOfAnotherEtagReplacesNothing() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA, "v1");
    learning.pass(Duration.ofHours(13));
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    String asked = learning.signalRequests().getFirst().getRequestId();
    learning.say("ta", "{\"notes\": \"Pushed meanwhile.\"}", "v2", null);

    learning.send(Topics.LEARNING_SIGNALS, unchanged("v1", asked));

    assertThat(learning.onlyPlan().getPlanMd()).contains("ta: Pushed meanwhile.");
    assertThat(notesOf(SignalAgent.TA)).isEqualTo("Pushed meanwhile.");
  }

  private @Nullable String notesOf(SignalAgent agent) {
    return requireNonNull(requireNonNull(learning.learner()).signals().get(agent))
        .content()
        .notes();
  }

  private static LearningIntent french() {
    return intent("UTC").setIntentId("intent-2").setTopic("French").build();
  }

  private static LearningSignal unchanged(String etag, String requestId) {
    return LearningSignal.newBuilder()
        .setUserId(USER)
        .setAgent("ta")
        .setUnchanged(true)
        .setEtag(etag)
        .setRequestId(requestId)
        .build();
  }

  private static LearningSignal signal(
      String agent, @Nullable String intentId, @Nullable Instant observedAt) {
    return LearningSignal.newBuilder()
        .setUserId(USER)
        .setAgent(agent)
        .setData(DATA)
        .setIntentId(intentId)
        .setObservedAt(observedAt)
        .build();
  }
}
