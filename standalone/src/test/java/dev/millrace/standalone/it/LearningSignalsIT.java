package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.learning.LearningSignal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Signals that agents push, and the plans that are made of them. */
@ExtendWith(WithMillrace.class)
class LearningSignalsIT {

  private static final String DATA =
      "\"data\":{\"focus\":\"Gradients\",\"steps\":[\"Derive one\"]}";

  @Test
  void aPlanOfFreshSignalsIsNotDegraded(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    Learner.AGENTS.forEach(agent -> learner.hears(agent, DATA));

    // when
    JsonNode plan = learner.plan(2);

    // then
    assertThat(plan.path("degraded_mode").asBoolean()).isFalse();
    assertThat(plan.path("cache_hits").asInt()).isEqualTo(4);
    assertThat(plan.at("/signal_quality/ta/fresh").asBoolean()).isTrue();
    assertThat(plan.at("/plan_json_summary/steps/0").asText()).isEqualTo("Derive one");
  }

  @Test
  void aSignalThatIsNoLongerFreshIsUsedAndToldAndDoesNotDegrade(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    for (String agent : Learner.AGENTS) {
      Duration age = agent.equals("ta") ? Duration.ofDays(1) : Duration.ofHours(1);
      learner.hears(agent, DATA + ",\"observed_at\":\"" + Instant.now().minus(age) + "\"");
    }

    // when
    JsonNode plan = learner.plan(3);

    // then
    assertThat(plan.path("degraded_mode").asBoolean()).isFalse();
    assertThat(plan.path("cache_hits").asInt()).isEqualTo(3);
    assertThat(plan.path("cache_misses").asInt()).isEqualTo(1);
    assertThat(plan.at("/signal_quality/ta").toString())
        .isEqualTo("{\"available\":true,\"fresh\":false}");
    eventually()
        .untilAsserted(() -> {
          JsonNode status = learner.status();
          assertThat(status.at("/latest_session/degraded_mode").asBoolean(true)).isFalse();
          assertThat(status.at("/signal_freshness/ta/fresh").asBoolean(true)).isFalse();
          assertThat(status.at("/signal_freshness/clo/fresh").asBoolean()).isTrue();
        });
  }

  @Test
  void signalsAboutAnotherTopicAreMissing(Millrace millrace) {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    Learner.AGENTS.forEach(agent -> learner.hears(agent, DATA));
    assertThat(learner.plan(1).path("cache_hits").asInt()).isEqualTo(4);
    learner.learns(Learner.INTENT.replace("Machine Learning", "French"));

    // when
    JsonNode plan = learner.plan(1);

    // then
    assertThat(plan.path("cache_hits").asInt()).isZero();
    assertThat(plan.path("cache_misses").asInt()).isEqualTo(4);
    assertThat(plan.path("degraded_mode").asBoolean()).isTrue();
    assertThat(plan.at("/plan_json_summary/title").asText()).startsWith("French");
  }

  @Test
  void aSignalOfAnOutsideProducerIsUsed(Millrace millrace) throws Exception {
    // given
    Learner learner = new Learner(millrace);
    learner.learns(Learner.INTENT);
    EventPublisher publisher = new EventPublisher(millrace.kafka(), Duration.ofSeconds(30));
    publisher.start();

    // when
    for (String agent : Learner.AGENTS) {
      publisher.publishAndWait(
          Topics.LEARNING_SIGNALS,
          learner.user(),
          LearningSignal.newBuilder()
              .setUserId(learner.user())
              .setAgent(agent)
              .setData("{\"focus\":\"Written to the topic\",\"steps\":[{\"text\":\"not used\"}]}")
              .build(),
          EventContext.start("outside", TraceContext.start()));
    }
    publisher.stop();

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(learner.status().at("/signal_freshness/socratic/fresh").asBoolean())
                .isTrue());
    JsonNode plan = learner.plan(1);
    assertThat(plan.path("cache_hits").asInt()).isEqualTo(4);
    assertThat(plan.at("/plan_json_summary/title").asText()).isEqualTo("Written to the topic");
  }
}
