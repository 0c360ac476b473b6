package dev.millrace.learning;

import static dev.millrace.learning.LearningDriver.DATA;
import static dev.millrace.learning.LearningDriver.START;
import static dev.millrace.learning.LearningDriver.USER;
import static dev.millrace.learning.LearningDriver.completion;
import static dev.millrace.learning.LearningDriver.intent;
import static dev.millrace.learning.LearningDriver.planRequest;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningCompletion;
import dev.millrace.schemas.learning.LearningIntent;
import dev.millrace.schemas.learning.LearningOutcome;
import dev.millrace.schemas.learning.LearningSignal;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.learning.ScheduledRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where a learner stands after intents, signals and completions. */
class LearnerStatusTest {

  private final LearningDriver learning = new LearningDriver();

  @AfterEach
  void close() {
    learning.close();
  }

  @Test
  void anIntentIsAnsweredWithWhereTheLearnerStands() {
    learning.send(Topics.LEARNING_INTENTS, intent("America/New_York").setRequestId("r-1").build());

    LearningStatus status = learning.onlyStatus();
    assertThat(status.getRequestId()).isEqualTo("r-1");
    assertThat(status.getOutcome()).isEqualTo(LearningOutcome.ACCEPTED);
    assertThat(status.getActiveIntent().getTopic()).isEqualTo("Machine Learning");
    assertThat(status.getActiveIntent().getCreatedAt()).isEqualTo(START);
    assertThat(status.getSignalFreshness()).hasSize(4);
    assertThat(status.getNextScheduledRun().getDay()).isEqualTo(1);
    assertThat(status.getNextScheduledRun().getEstimatedTime())
        .isEqualTo(Instant.parse("2026-01-20T12:00:00Z"));
  }

  @Test
  void aCompletionIsCountedAndAdvised() {
    learning.send(Topics.LEARNING_INTENTS, intent("America/New_York").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));
    String session = learning.onlyPlan().getSessionId();
    learning.statuses();

    learning.send(Topics.LEARNING_COMPLETIONS, completion(session, 45, 7, "r-2"));

    LearningStatus status = learning.onlyStatus();
    assertThat(status.getRequestId()).isEqualTo("r-2");
    assertThat(status.getNextDayHint())
        .isEqualTo(
            "Good time investment! For day 4, focus on reinforcing concepts to build confidence.");
    assertThat(status.getLatestSession().getCompletion().getConfidence()).isEqualTo(7);
    assertThat(status.getLearningStats().getCompletedSessions()).isEqualTo(1);
    assertThat(status.getLearningStats().getTotalTimeMin()).isEqualTo(45);
    assertThat(status.getLearningStats().getAverageConfidence()).isEqualTo(7.0);
    assertThat(status.getLearningStats().getCurrentStreakDays()).isEqualTo(1);
    assertThat(status.getLearningStats().getLastCompletedOn()).isEqualTo("2026-01-19");
    assertThat(status.getNextScheduledRun().getDay()).isEqualTo(4);
  }

  @Test
  void theNextRunIsOfTheTopicThatIsLearnedNow() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 2, 5, false));
    learning.statuses();

    learning.send(
        Topics.LEARNING_INTENTS, intent("UTC").setIntentId("intent-2").setTopic("Rust").build());

    ScheduledRun next = learning.onlyStatus().getNextScheduledRun();
    assertThat(next.getWeek()).isEqualTo(1);
    assertThat(next.getDay()).isEqualTo(1);
  }

  @Test
  void whoComesBackToATopicGoesOnWhereItWasLeft() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 2, 5, false));
    learning.send(
        Topics.LEARNING_INTENTS, intent("UTC").setIntentId("intent-2").setTopic("Rust").build());
    learning.statuses();

    learning.send(
        Topics.LEARNING_INTENTS,
        intent("UTC").setIntentId("intent-3").setTopic("machine learning ").build());

    ScheduledRun next = learning.onlyStatus().getNextScheduledRun();
    assertThat(next.getWeek()).isEqualTo(2);
    assertThat(next.getDay()).isEqualTo(6);
  }

  @Test
  void aSessionReportedAgainIsCorrectedNotCountedTwice() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));
    String session = learning.onlyPlan().getSessionId();
    learning.send(Topics.LEARNING_COMPLETIONS, completion(session, 45, 7, "r-2"));

    learning.send(Topics.LEARNING_COMPLETIONS, completion(session, 50, 9, "r-3"));

    LearningStatus status = learning.statuses().getLast();
    assertThat(status.getLearningStats().getCompletedSessions()).isEqualTo(1);
    assertThat(status.getLearningStats().getTotalTimeMin()).isEqualTo(50);
    assertThat(status.getLearningStats().getAverageConfidence()).isEqualTo(9.0);
  }

  @Test
  void aSessionReportedAgainWasCompletedWhenItWasReportedFirst() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 3, false));
    String session = learning.onlyPlan().getSessionId();
    learning.send(Topics.LEARNING_COMPLETIONS, completion(session, 45, 7, "r-2"));
    Instant first =
        learning.statuses().getLast().getLatestSession().getCompletion().getCompletedAt();
    learning.pass(Duration.ofHours(1));

    learning.send(Topics.LEARNING_COMPLETIONS, completion(session, 45, 7, "r-3"));

    assertThat(learning.statuses().getLast().getLatestSession().getCompletion().getCompletedAt())
        .isEqualTo(first);
  }

  @Test
  void anIntentThatBecomesActiveAgainIsAsOldAsItWas() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.send(
        Topics.LEARNING_INTENTS, intent("UTC").setIntentId("intent-2").setTopic("Art").build());
    learning.pass(Duration.ofHours(1));

    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());

    assertThat(learning.statuses().getLast().getActiveIntent().getCreatedAt()).isEqualTo(START);
  }

  @Test
  void onlyTheLatestSessionKeepsItsNotes() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);

    for (int day = 1; day <= 2; day++) {
      learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-" + day, 1, day, false));
      learning.send(
          Topics.LEARNING_COMPLETIONS,
          LearningCompletion.newBuilder(
                  completion(learning.onlyPlan().getSessionId(), 45, 7, "d-" + day))
              .setNotes("notes of day " + day)
              .build());
    }

    assertThat(learning.statuses().getLast().getLatestSession().getCompletion().getNotes())
        .isEqualTo("notes of day 2");
    assertThat(requireNonNull(learning.learner()).sessions())
        .extracting(session -> requireNonNull(session.completed()).notes())
        .containsExactly(null, "notes of day 2");
  }

  @Test
  void anUnknownSessionIsNotFound() {
    learning.send(Topics.LEARNING_COMPLETIONS, completion("nowhere", 45, 7, "r-2"));

    LearningStatus status = learning.onlyStatus();
    assertThat(status.getOutcome()).isEqualTo(LearningOutcome.SESSION_NOT_FOUND);
    assertThat(status.getRequestId()).isEqualTo("r-2");
    assertThat(status.getNextDayHint()).isNull();
  }

  @Test
  void signalsThatSayNothingNewChangeNoStatus() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    assertThat(learning.statuses()).hasSize(5);

    learning.allAgentsSay(DATA);

    assertThat(learning.statuses()).isEmpty();
  }

  @Test
  void aTombstoneAmongTheIntentsForgetsTheLearner() {
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());

    learning.send(Topics.LEARNING_INTENTS, null);

    List<@Nullable LearningStatus> statuses = learning.statuses();
    assertThat(statuses.getLast()).isNull();
    assertThat(learning.knowsLearner()).isFalse();
  }

  @Test
  void anIntentOfATimeToComeWasToldWhenItArrived() {
    learning.send(
        Topics.LEARNING_INTENTS,
        intent("UTC").setCreatedAt(Instant.ofEpochMilli(Long.MAX_VALUE)).build());

    LearningStatus status = learning.onlyStatus();
    assertThat(status.getActiveIntent().getCreatedAt()).isEqualTo(START);
    assertThat(status.getNextScheduledRun().getEstimatedTime())
        .isEqualTo(Instant.parse("2026-01-20T07:00:00Z"));
  }

  @Test
  void timesBefore1970AreRefused() {
    Instant longAgo = Instant.ofEpochMilli(Long.MIN_VALUE);
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());
    learning.allAgentsSay(DATA);
    learning.send(Topics.LEARNING_PLAN_REQUESTS, planRequest("r-1", 1, 1, false));
    String session = learning.onlyPlan().getSessionId();

    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setCreatedAt(longAgo).build(), "created_at");
    learning.assertRefused(
        Topics.LEARNING_COMPLETIONS,
        LearningCompletion.newBuilder(completion(session, 45, 7, "r-2"))
            .setCompletedAt(longAgo)
            .build(),
        "completed_at");
    learning.assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder().setUserId(USER).setAgent("clo").setObservedAt(longAgo).build(),
        "observed_at");
  }

  @Test
  void textsThatAStateCouldNotHoldAreRefused() {
    String tooLong = "x".repeat(257);
    learning.send(Topics.LEARNING_INTENTS, intent("UTC").build());

    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setRequestId(tooLong).build(), "request_id");
    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setMeta(Map.of(tooLong, "v")).build(), "meta");
    learning.assertRefused(
        Topics.LEARNING_PLAN_REQUESTS, planRequest(tooLong, 1, 1, false), "request_id");
    learning.assertRefused(
        Topics.LEARNING_COMPLETIONS, completion("s", 45, 7, tooLong), "request_id");
    learning.assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder().setUserId(USER).setAgent("clo").setEtag(tooLong).build(),
        "etag");
    learning.assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder()
            .setUserId(USER)
            .setAgent("clo")
            .setOk(false)
            .setCode(tooLong)
            .build(),
        "code");
  }

  @Test
  void whatTheGatewayAcceptsIsAcceptedHere() {
    LearningIntent longest =
        intent("UTC")
            .setTopic("🎓".repeat(200))
            .setEndGoal("🎓".repeat(2_000))
            .setMeta(
                IntStream.range(0, 32)
                    .boxed()
                    .collect(Collectors.toMap(i -> "meta-" + i, _ -> "🎓".repeat(500))))
            .build();
    LearningCompletion notes =
        LearningCompletion.newBuilder(completion("nowhere", 1_440, 10, "r-2"))
            .setNotes("🎓".repeat(4_000))
            .build();

    learning.send(Topics.LEARNING_INTENTS, longest);
    learning.send(Topics.LEARNING_COMPLETIONS, notes);

    assertThat(learning.statuses())
        .extracting(LearningStatus::getOutcome)
        .containsExactly(LearningOutcome.ACCEPTED, LearningOutcome.SESSION_NOT_FOUND);
  }

  @Test
  void eventsThatMakeNoSenseAreRefused() {
    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setEndGoal(" \n").build(), "end_goal");
    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setEndGoal("x".repeat(2_001)).build(), "end_goal");
    learning.assertRefused(Topics.LEARNING_INTENTS, intent("Mars/Base").build(), "user_tz");
    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setTimePerDayMin(0).build(), "time_per_day_min");
    learning.assertRefused(
        Topics.LEARNING_INTENTS, intent("UTC").setUserId("other").build(), "key");
    learning.assertRefused(Topics.LEARNING_COMPLETIONS, completion("s", 45, 11, "r"), "confidence");
    learning.assertRefused(Topics.LEARNING_PLAN_REQUESTS, planRequest("r", 1, 8, false), "day");
    learning.assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder().setUserId(USER).setAgent("bob").build(),
        "agent");
    learning.assertRefused(
        Topics.LEARNING_SIGNALS,
        LearningSignal.newBuilder().setUserId(USER).setAgent("clo").setData("{").build(),
        "data");
  }
}
