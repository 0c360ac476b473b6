package dev.millrace.router.workflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.platform.PlatformEvent;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.task.TaskRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of platforms that name a flow which nobody knows, or not yet. */
class EarlyEventTest {

  private static final String PLAN =
      "{\"task_id\": \"t-1\", \"plan\": \"Write hours.md and link it.\"}";

  @TempDir private Path state;
  private WorkflowDriver flow;

  @BeforeEach
  void start() {
    flow = new WorkflowDriver(state, Map.of());
  }

  @AfterEach
  void stop() {
    flow.close();
  }

  @Test
  void anEventWhoseFlowNobodyKnowsIsGivenBackAsADeadLetter() {
    // given
    flow.platform("deploy.completed", "{\"task_id\": \"nobody-s\"}");

    // when
    flow.pass(EarlyInputs.WAIT.plus(FlowProcessor.TICK));

    // then
    DeadLetter letter = flow.deadLetters().getFirst();
    assertThat(letter.getTopic()).isEqualTo(Topics.PLATFORM_EVENTS.name());
    assertThat(letter.getApp()).isEqualTo("task-router");
    assertThat(letter.getError()).isEqualTo("invalid");
    assertThat(letter.getReason()).contains("nobody-s", "1m", "task_id");
    assertThat(letter.getHeaders()).containsKeys("ce_id", "traceparent");
    PlatformEvent event =
        SingleObjectSerde.of(Topics.PLATFORM_EVENTS)
            .deserializer()
            .deserialize(letter.getTopic(), letter.getValue().array());
    assertThat(event.getEventType()).isEqualTo("deploy.completed");
    assertThat(flow.events()).isEmpty();
  }

  @Test
  void anEventThatComesBeforeItsFlowMovesItOnceItHasBegun() {
    // given
    flow.platform("task.plan.created", PLAN);
    flow.pass(Duration.ofSeconds(20));

    // when
    flow.request("t-1");

    // then
    List<TaskRequest> steps = flow.requests();
    assertThat(steps.getLast().getAttributes())
        .containsEntry("role", "coding")
        .hasEntrySatisfying("material", text -> assertThat(text).contains("link it"));
    flow.pass(EarlyInputs.WAIT.multipliedBy(2));
    assertThat(flow.deadLetters()).isEmpty();
  }

  @Test
  void anEventWaitsForItsOwnFlow() {
    // given
    flow.platform("task.plan.created", PLAN);

    // when
    flow.request("t-10");

    // then
    assertThat(flow.requested().getAttributes()).containsEntry("role", "starter");
  }

  @Test
  void aReplayWithoutModelCallsGivesNothingBack() {
    // given
    flow.replay = "replay-1";
    flow.platform("deploy.completed", "{\"task_id\": \"t-9\"}");

    // when
    flow.pass(EarlyInputs.WAIT.multipliedBy(2));

    // then
    assertThat(flow.deadLetters()).isEmpty();
  }

  @Test
  void aWebhookAboutAPullRequestThatNoFlowHasMeansNothing() {
    // given
    flow.webhook(
        "pull_request",
        "closed",
        "d-1",
        """
        {"pull_request": {"number": 7, "merged": false,
          "head": {"ref": "fix", "sha": "s1", "repo": {"full_name": "acme/site"}},
          "base": {"ref": "main"}}}\
        """);

    // when
    flow.pass(EarlyInputs.WAIT.multipliedBy(2));

    // then
    assertThat(flow.deadLetters()).isEmpty();
  }
}
