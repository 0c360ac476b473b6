package dev.millrace.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueEvent;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.CircuitState;
import dev.millrace.schemas.agent.ProviderStatus;
import dev.millrace.schemas.agent.RunError;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.SingleObjectSerde;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider that asks to wait, and what becomes of the tasks of its agent. */
class ProviderCircuitTest {

  @TempDir private Path state;
  private RouterDriver router;

  @BeforeEach
  void start() {
    router = new RouterDriver(state, Map.of("AGENT_FALLBACKS", "claude=chatgpt"));
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aProviderThatAsksToWaitIsToldToEverybody() {
    TestOutputTopic<String, ProviderStatus> providers =
        router.driver.createOutputTopic(
            Topics.AGENT_PROVIDERS.name(),
            Serdes.String().deserializer(),
            SingleObjectSerde.of(Topics.AGENT_PROVIDERS).deserializer());
    router.request("a", "documentation");

    limit(router.assignments("claude").readValue());

    ProviderStatus told = providers.readValue();
    assertThat(told.getProvider()).isEqualTo("anthropic");
    assertThat(told.getState()).isEqualTo(CircuitState.OPEN);
    assertThat(told.getUntil()).isEqualTo(RouterDriver.START.plusSeconds(120));
    assertThat(providers.isEmpty()).isTrue();
    QueueSnapshot snapshot =
        router.snapshots.readValuesToList().stream()
            .filter(queue -> queue.getQueue().equals("claude"))
            .toList()
            .getLast();
    assertThat(snapshot.getProvider()).isEqualTo("anthropic");
    assertThat(snapshot.getCircuit()).isEqualTo("open");
    assertThat(snapshot.getCircuitReason()).contains("rate_limited");
  }

  @Test
  void withoutAFallbackTasksWaitUntilTheProviderMayBeAskedAgain() {
    router.request("a", "summary");
    limit(router.assignments("chatgpt").readValue());

    router.request("b", "summary");
    List<String> meanwhile = assigned("chatgpt");
    router.request("c", "platform");
    List<String> others = assigned("javari");
    router.pass(Duration.ofSeconds(150));

    assertThat(meanwhile).isEmpty();
    assertThat(others).containsExactly("c");
    assertThat(assigned("chatgpt")).hasSize(1);
  }

  @Test
  void withAFallbackTheTaskRunsThereUnderTheNextNumber() {
    router.request("a", "documentation");
    limit(router.assignments("claude").readValue());

    router.request("b", "documentation");
    router.pass(Duration.ofSeconds(1));

    List<AgentAssignment> assignments = router.assignments("chatgpt").readValuesToList();
    assertThat(assignments).extracting(AgentAssignment::getTaskId).containsExactly("b");
    assertThat(assignments.getFirst().getQueue()).isEqualTo("chatgpt");
    assertThat(router.taskEvents.readValuesToList())
        .filteredOn(event -> "b".equals(event.getTaskId()))
        .extracting(TaskEvent::getType)
        .containsExactly(
            TaskEventType.CREATED,
            TaskEventType.QUEUED,
            TaskEventType.MOVED,
            TaskEventType.QUEUED,
            TaskEventType.DISPATCHED);
  }

  @Test
  void whatIsToldOfAProviderIsBelievedForADayAtMost() {
    ProviderStatus told =
        ProviderStatus.newBuilder()
            .setProvider("anthropic")
            .setState(CircuitState.OPEN)
            .setReopened(-4)
            .setUntil(RouterDriver.START.plus(Duration.ofDays(3_000)))
            .setQueue("claude")
            .setChangedAt(RouterDriver.START)
            .build();

    QueueEvent event = ProviderStatusEvents.of(told, RouterDriver.START);

    assertThat(event)
        .isInstanceOfSatisfying(
            QueueEvent.CircuitChanged.class,
            heard -> {
              assertThat(heard.circuit().reopened()).isZero();
              assertThat(heard.circuit().until())
                  .isEqualTo(RouterDriver.START.plus(Duration.ofDays(1)));
            });
  }

  private void limit(AgentAssignment assignment) {
    router.agentEvents.pipeInput(
        assignment.getRunId(),
        RouterDriver.agentEvent(assignment, AgentEventType.STARTED)
            .setProvider("anthropic")
            .build());
    router.agentEvents.pipeInput(
        assignment.getRunId(),
        RouterDriver.agentEvent(assignment, AgentEventType.FINISHED)
            .setProvider("anthropic")
            .setOutcome(RunOutcome.FAILED)
            .setError(
                RunError.newBuilder()
                    .setCode("rate_limited")
                    .setMessage("Too many requests.")
                    .setRetryable(true)
                    .setRetryAfterMs(120_000L)
                    .build())
            .build());
  }

  private List<String> assigned(String agent) {
    return router.assignments(agent).readValuesToList().stream()
        .map(AgentAssignment::getTaskId)
        .toList();
  }
}
