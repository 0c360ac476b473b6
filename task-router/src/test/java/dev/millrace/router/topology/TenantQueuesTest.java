package dev.millrace.router.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that have a queue for each tenant. */
class TenantQueuesTest {

  @TempDir private Path state;
  private RouterDriver router;

  @BeforeEach
  void start() {
    router =
        new RouterDriver(
            state,
            Map.of(
                "TASK_TENANT_QUEUES", "claude", "QUEUE_SETTINGS", "claude@umbra.max_concurrent=2"));
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void eachTenantHasAQueueAndALimitOfItsOwn() {
    request("a1", "acme");
    request("a2", "acme");
    request("u1", "umbra");
    request("u2", "umbra");
    request("n1", null);

    List<AgentAssignment> assignments = router.assignments("claude").readValuesToList();

    assertThat(assignments)
        .extracting(AgentAssignment::getQueue, AgentAssignment::getTaskId)
        .containsExactlyInAnyOrder(
            tuple("claude@acme", "a1"),
            tuple("claude@umbra", "u1"),
            tuple("claude@umbra", "u2"),
            tuple("claude", "n1"));
    assertThat(assignments).extracting(AgentAssignment::getAgent).containsOnly("claude");
  }

  @Test
  void aRunOfATenantsQueueFreesItsSlotThere() {
    request("a1", "acme");
    request("a2", "acme");
    AgentAssignment first = router.assignments("claude").readValue();

    router.report(first, AgentEventType.FINISHED);

    assertThat(assigned()).containsExactly("a2");
  }

  @Test
  void pausingEverythingHoldsQueuesOfTenantsThatComeLater() {
    request("a1", "acme");
    assigned();

    router.command(TaskAction.PAUSE, "*");
    request("a2", "acme");
    request("u1", "umbra");
    List<String> whilePaused = assigned();
    router.command(TaskAction.RESUME, "*");

    assertThat(whilePaused).isEmpty();
    assertThat(assigned()).containsExactly("u1");
  }

  @Test
  void oneTenantsQueueIsPausedByItsName() {
    router.command(TaskAction.PAUSE, "claude@acme");
    request("a1", "acme");
    request("u1", "umbra");

    assertThat(assigned()).containsExactly("u1");
    assertThat(router.taskEvents.readValuesToList())
        .filteredOn(event -> event.getType() == TaskEventType.PAUSED)
        .extracting(TaskEvent::getQueue)
        .containsExactly("claude@acme");
  }

  @Test
  void aTaskIsCancelledWhereverItIs() {
    request("a1", "acme");
    request("a2", "acme");
    assigned();

    router.commands.pipeInput(
        "*",
        TaskCommand.newBuilder()
            .setCommandId("command-1")
            .setQueue("*")
            .setAction(TaskAction.CANCEL)
            .setTaskId("a2")
            .build());

    assertThat(router.taskEvents.readValuesToList().getLast())
        .satisfies(event -> {
          assertThat(event.getTaskId()).isEqualTo("a2");
          assertThat(event.getType()).isEqualTo(TaskEventType.CANCELLED);
        });
    assertThat(router.deadLetters.isEmpty()).isTrue();
    assertThat(router.failures).isEmpty();
  }

  @Test
  void whoWritesToATenantsQueueKnowsHowFullItIs() {
    request("a1", "acme");
    request("a2", "acme");
    router.pass(Duration.ofSeconds(1));

    QueueSnapshot snapshot =
        router.snapshots.readValuesToList().stream()
            .filter(told -> told.getQueue().equals("claude@acme"))
            .toList()
            .getLast();

    assertThat(snapshot.getBacklog()).isEqualTo(1);
    assertThat(snapshot.getRunning()).isEqualTo(1);
  }

  @Test
  void aRunOfAQueueThatNeverWasMakesNone() {
    request("a1", "acme");
    AgentAssignment assignment = router.assignments("claude").readValue();
    router.snapshots.readValuesToList();

    for (String queue : List.of("claude@invented", "claude@" + "x".repeat(230), "claude@")) {
      router.agentEvents.pipeInput(
          "run",
          RouterDriver.agentEvent(assignment, AgentEventType.STARTED).setQueue(queue).build());
    }
    router.pass(Duration.ofSeconds(1));

    assertThat(router.failures).hasSize(2).allMatch(InvalidEventException.class::isInstance);
    assertThat(router.snapshots.readValuesToList())
        .extracting(QueueSnapshot::getQueue)
        .allMatch(List.of("claude@acme", "claude@umbra", "claude", "chatgpt", "javari")::contains);
  }

  @Test
  void anAgentWithoutQueuesOfTenantsHasNone() {
    router.command(TaskAction.PAUSE, "chatgpt@acme");

    assertThat(router.failures)
        .singleElement()
        .satisfies(failure ->
            assertThat(failure)
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("chatgpt@acme"));
  }

  private void request(String task, @Nullable String tenant) {
    router.requests.pipeInput(
        task, RouterDriver.taskRequest(task, "documentation").setTenant(tenant).build());
  }

  private List<String> assigned() {
    return router.assignments("claude").readValuesToList().stream()
        .map(AgentAssignment::getTaskId)
        .toList();
  }
}
