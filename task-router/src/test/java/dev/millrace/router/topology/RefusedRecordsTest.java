package dev.millrace.router.topology;

import static dev.millrace.router.topology.RouterDriver.FAR;
import static dev.millrace.router.topology.RouterDriver.NEAR;
import static dev.millrace.router.topology.RouterDriver.agentEvent;
import static dev.millrace.router.topology.RouterDriver.taskRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.validation.InvalidEventException;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunError;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the router turns away, or cuts. */
class RefusedRecordsTest {

  @TempDir private Path state;
  private RouterDriver router;

  @BeforeEach
  void start() {
    router = RouterDriver.ofTwoAgents(state);
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void anUnknownTypeIsRejectedAndRefused() {
    router.request("task-1", "juggling");
    router.request("task-2", "documentation");

    TaskEvent rejected = router.taskEvents.readValue();
    assertThat(rejected.getType()).isEqualTo(TaskEventType.REJECTED);
    assertThat(rejected.getStatus()).isEqualTo(TaskStatus.FAILED);
    assertThat(rejected.getReason()).contains("juggling").contains("documentation");
    assertThat(router.failures)
        .singleElement()
        .isInstanceOf(InvalidEventException.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains("juggling");
    assertThat(router.assignments(NEAR).readValue().getTaskId()).isEqualTo("task-2");
  }

  @Test
  void blanksAndUnknownAgentsAreRefused() {
    router.requests.pipeInput("x", taskRequest(" ", "documentation").build());
    router.requests.pipeInput(
        "x", taskRequest("task-1", "documentation").setDescription(" ").build());
    router.requests.pipeInput(
        "x", taskRequest("task-2", "documentation").setAgent("nobody").build());
    router.requests.pipeInput("x", null);
    router.command(TaskAction.PAUSE, "nowhere");

    assertThat(router.failures).hasSize(5).allMatch(InvalidEventException.class::isInstance);
    assertThat(router.taskEvents.readValuesToList())
        .extracting(TaskEvent::getTaskId)
        .containsExactly("task-1", "task-2");
  }

  @Test
  void aHandoverWithoutAValueIsRefusedAndTheNextGoesOn() {
    router.request("task-1", "documentation");

    router.handOver("task-0", null);

    assertThat(router.failures)
        .singleElement()
        .isInstanceOf(InvalidEventException.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains("expected an assignment");
    assertThat(router.assignments(NEAR).readValue().getTaskId()).isEqualTo("task-1");
  }

  @Test
  void aHandoverThatNamesNoAgentIsRefusedAndTheNextGoesOn() {
    router.request("task-1", "documentation");
    AgentAssignment assignment = router.assignments(NEAR).readValue();

    router.handOver(
        "task-1", AgentAssignment.newBuilder(assignment).setAgent("no agent/at all").build());
    router.handOver("task-1", AgentAssignment.newBuilder(assignment).setRunId(" ").build());

    assertThat(router.failures).hasSize(2).allMatch(InvalidEventException.class::isInstance);
  }

  @Test
  void anIdForWhichNoCommitCanBeMadeIsRefused() {
    router.request("x".repeat(201), "documentation");
    router.request("task\u0000", "documentation");
    router.request("x".repeat(200), "documentation");

    assertThat(router.failures)
        .hasSize(2)
        .allSatisfy(failure -> assertThat(failure).hasMessageContaining("200 characters"));
    assertThat(router.assignments(NEAR).readValuesToList())
        .extracting(AgentAssignment::getTaskId)
        .containsExactly("x".repeat(200));
  }

  @Test
  void aRequestWithMoreRepositoriesThanAnAgentGetsIsRefused() {
    router.requests.pipeInput("x", readingFurther("task-1", Collections.nCopies(11, "acme/b")));
    router.requests.pipeInput("x", readingFurther("task-2", Collections.nCopies(10, "acme/b")));

    assertThat(router.failures)
        .singleElement()
        .satisfies(failure ->
            assertThat(failure)
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("10 further repositories"));
    assertThat(router.assignments(NEAR).readValue().getTaskId()).isEqualTo("task-2");
  }

  @Test
  void theNamesOfRepositoriesAreTextsTooThatNeedRoom() {
    router.requests.pipeInput("x", readingFurther("task-1", List.of("x".repeat(8 << 20))));

    assertThat(router.failures)
        .singleElement()
        .satisfies(failure -> assertThat(failure).hasMessageContaining("bytes together"));
  }

  private static TaskRequest readingFurther(String task, List<String> repositories) {
    return taskRequest(task, "documentation")
        .setContext(
            TaskContext.newBuilder().setRepository("acme/a").setRepositories(repositories).build())
        .build();
  }

  @Test
  void aRequestThatLeavesNoRoomForWhatFollowsIsRefused() {
    String large = "x".repeat(5 << 20);
    router.requests.pipeInput(
        "x", taskRequest("task-1", "documentation").setDescription(large).build());
    router.requests.pipeInput(
        "x",
        taskRequest("task-2", "documentation")
            .setDescription(large)
            .setAttributes(Map.of("notes", large))
            .build());

    assertThat(router.assignments(NEAR).readValue().getTaskId()).isEqualTo("task-1");
    assertThat(router.failures)
        .singleElement()
        .satisfies(failure ->
            assertThat(failure)
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("bytes together"));
    assertThat(router.taskEvents.readValuesToList())
        .last()
        .satisfies(event -> assertThat(event.getType()).isEqualTo(TaskEventType.REJECTED));
  }

  @Test
  void aResultThatIsTooLargeIsLeftOut() {
    router.request("task-1", "documentation");
    AgentAssignment assignment = router.assignments(NEAR).readValue();

    router.agentEvents.pipeInput(
        assignment.getRunId(),
        agentEvent(assignment, AgentEventType.FINISHED).setResult("x".repeat(8 << 20)).build());

    TaskEvent completed = router.taskEvents.readValuesToList().getLast();
    assertThat(completed.getType()).isEqualTo(TaskEventType.COMPLETED);
    assertThat(completed.getResult()).isNull();
    assertThat(completed.getReason()).contains("left out");
  }

  @Test
  void whatAnAgentSaysOfAnErrorIsCutBeforeItIsRepeated() {
    router.request("task-1", "analysis");
    AgentAssignment assignment = router.assignments(FAR).readValue();

    router.agentEvents.pipeInput(
        assignment.getRunId(),
        agentEvent(assignment, AgentEventType.FINISHED)
            .setOutcome(RunOutcome.FAILED)
            .setError(
                RunError.newBuilder()
                    .setCode("command_failed")
                    .setMessage("x".repeat(1 << 20))
                    .setRetryable(false)
                    .build())
            .build());

    assertThat(router.deadLetters.readValue().getReason()).hasSizeLessThan(5_000);
    assertThat(router.taskEvents.readValuesToList())
        .extracting(TaskEvent::getReason)
        .allSatisfy(reason -> assertThat(reason == null ? "" : reason).hasSizeLessThan(40_000));
  }

  @Test
  void aCommandWithoutAnIdentityIsRefused() {
    router.commands.pipeInput(
        "x",
        TaskCommand.newBuilder()
            .setCommandId(" ")
            .setQueue(NEAR)
            .setAction(TaskAction.PAUSE)
            .build());

    assertThat(router.failures).hasSize(1).allMatch(InvalidEventException.class::isInstance);
    assertThat(router.taskEvents.isEmpty()).isTrue();
  }

  @Test
  void aCommandThatMakesNoSenseIsADeadLetter() {
    router.command(TaskAction.RETRY, FAR);

    DeadLetter letter = router.deadLetters.readValue();
    assertThat(letter.getTopic()).isEqualTo("task.commands");
    assertThat(letter.getOffset()).isZero();
    assertThat(letter.getError()).isEqualTo("invalid");
    assertThat(letter.getReason()).contains("task_id");
  }
}
