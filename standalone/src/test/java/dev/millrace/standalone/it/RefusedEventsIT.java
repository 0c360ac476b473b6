package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.learning.LearningIntent;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events that can be read and make no sense: each is a dead letter and nothing else. */
@ExtendWith(WithMillrace.class)
class RefusedEventsIT {

  @Test
  void aCommandThatNobodyCanObeyIsADeadLetter(Millrace millrace) throws Exception {
    // given
    String key = "blank-" + UUID.randomUUID();

    // when
    millrace.publish(
        Topics.AGENT_COMMANDS,
        key,
        AgentCommand.newBuilder()
            .setCommandId(key)
            .setRunId(" ")
            .setAction(AgentAction.KILL)
            .build());

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(letters(millrace, key))
                .containsExactly(
                    "invalid: run_id: expected 1 to 256 characters, found a blank text"));
  }

  @Test
  void anIntentThatIsGivenUpLeavesTheRealOneActive(Millrace millrace) throws Exception {
    // given
    Learner learner = new Learner(millrace);
    String real = learner.learns(Learner.INTENT);

    // when
    millrace.publish(
        Topics.LEARNING_INTENTS,
        learner.user(),
        LearningIntent.newBuilder()
            .setIntentId("no-such-depth")
            .setUserId(learner.user())
            .setTopic("Milling")
            .setDepth("abyssal")
            .setEndGoal("Mill")
            .setTimePerDayMin(30)
            .build());

    // then
    eventually()
        .untilAsserted(() -> {
          assertThat(letters(millrace, learner.user())).hasSize(1);
          assertThat(
                  Queries.count(
                      millrace,
                      "SELECT count(*) FROM audit.records"
                          + " WHERE topic = 'learning.intents' AND key = ?",
                      learner.user()))
              .isEqualTo(2);
        });
    assertThat(
            Queries.texts(
                millrace,
                "SELECT intent_id FROM learning_intents WHERE user_id = ? AND active",
                learner.user()))
        .containsExactly(real);
  }

  private static List<String> letters(Millrace millrace, String key) {
    return Queries.texts(
        millrace, "SELECT error || ': ' || reason FROM dead_letters WHERE key = ?", key);
  }
}
