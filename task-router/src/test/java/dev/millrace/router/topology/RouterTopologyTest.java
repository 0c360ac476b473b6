package dev.millrace.router.topology;

import static dev.millrace.router.topology.RouterDriver.agentEvent;
import static dev.millrace.router.topology.RouterDriver.taskRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueName;
import dev.millrace.runtime.streams.InvalidEventException;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunError;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTopologyTest {

  /** An agent whose queue belongs to the partition that the driver reads, and one elsewhere. */
  private static final String NEAR = agent(true);

  private static final String FAR = agent(false);

  @TempDir Path state;
  private RouterDriver router;

  private static String agent(boolean near) {
    return IntStream.range(0, 100)
        .mapToObj(i -> "agent-" + i)
        .filter(name -> (RouterTopology.partitionOf(new QueueName(name)) == 0) == near)
        .findFirst()
        .orElseThrow();
  }

  @BeforeEach
  void start() {
    router =
        new RouterDriver(
            state,
            Map.of(
                "TASK_ROUTES", "documentation=%s,analysis=%s".formatted(NEAR, FAR),
                "QUEUE_SETTINGS", "%s.max_attempts=1".formatted(FAR)));
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void aTaskGoesFromRequestToResult() {
    router.request("task-1", "documentation");
    AgentAssignment assignment = router.assignments(NEAR).readValue();
    router.report(assignment, AgentEventType.STARTED);
    router.report(assignment, AgentEventType.FINISHED);

    List<TaskEvent> events = router.taskEvents.readValuesToList();
    assertThat(events)
        .extracting(TaskEvent::getType)
        .containsExactly(
            TaskEventType.CREATED,
            TaskEventType.QUEUED,
            TaskEventType.DISPATCHED,
            TaskEventType.STARTED,
            TaskEventType.COMPLETED);
    assertThat(events)
        .extracting(TaskEvent::getStatus)
        .containsExactly(
            TaskStatus.PENDING,
            TaskStatus.QUEUED,
            TaskStatus.ASSIGNED,
            TaskStatus.IN_PROGRESS,
            TaskStatus.COMPLETED);
    assertThat(events.getLast().getResult()).isEqualTo("{\"text\":\"done\"}");
    assertThat(events.getLast().getRunId()).isEqualTo(assignment.getRunId());
  }

  @Test
  void aQueueThatAnotherPartitionOwnsIsServedAllTheSame() {
    router.request("task-1", "analysis");
    AgentAssignment assignment = router.assignments(FAR).readValue();
    router.report(assignment, AgentEventType.FINISHED);

    assertThat(router.taskEvents.readValuesToList())
        .extracting(TaskEvent::getType)
        .endsWith(TaskEventType.DISPATCHED, TaskEventType.COMPLETED);
  }

  @Test
  void anAssignmentCarriesWhatWasAskedFor() {
    TaskRequest request =
        taskRequest("task-1", "documentation")
            .setTitle("A title")
            .setAttributes(Map.of("tone", "dry"))
            .build();

    router.requests.pipeInput("task-1", request);

    TestRecord<String, AgentAssignment> written = router.assignments(NEAR).readRecord();
    assertThat(written.key()).isEqualTo("task-1");
    assertThat(written.value().getTitle()).isEqualTo("A title");
    assertThat(written.value().getAttributes()).containsEntry("tone", "dry");
    assertThat(written.value().getAttempt()).isEqualTo(1);
    assertThat(written.value().getQueue()).isEqualTo(NEAR);
  }

  @Test
  void everythingATaskLeadsToIsInItsTrace() {
    EventId id = new EventId("request-1");
    EventContext context =
        new EventContext(id, "ingest-gateway", RouterDriver.START, TraceContext.of(id), null);
    for (String type : List.of("documentation", "analysis")) {
      router.request(
          taskRequest(type, type).build(), EventHeaders.of(Topics.TASK_REQUESTS, type, context));
    }

    List<TestRecord<String, TaskEvent>> events = router.taskEvents.readRecordsToList();
    assertThat(events).hasSize(6);
    assertThat(events)
        .allSatisfy(event -> {
          assertThat(header(event.headers(), EventHeaders.TRACEPARENT))
              .contains(context.trace().traceId());
          assertThat(header(event.headers(), EventHeaders.SOURCE)).isEqualTo("task-router");
          assertThat(header(event.headers(), EventHeaders.ID))
              .isEqualTo(event.value().getEventId());
        });
    assertThat(events).extracting(event -> event.value().getEventId()).doesNotHaveDuplicates();
    for (String agent : List.of(NEAR, FAR)) {
      assertThat(header(router.assignments(agent).readRecord().headers(), EventHeaders.TRACEPARENT))
          .contains(context.trace().traceId());
    }
  }

  @Test
  void aRequestWithoutHeadersIsIdentifiedByItsPlace() {
    router.request(taskRequest("task-1", "analysis").build(), new RecordHeaders());

    TraceContext trace = TraceContext.of(EventId.ofPosition("task.requests", 0, 0));
    TestRecord<String, AgentAssignment> assignment = router.assignments(FAR).readRecord();
    assertThat(header(assignment.headers(), EventHeaders.TRACEPARENT)).contains(trace.traceId());
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
  void anAgentThatIsNamedWinsOverTheRoutingTable() {
    router.requests.pipeInput(
        "task-1", taskRequest("task-1", "documentation").setAgent(FAR).build());

    assertThat(router.assignments(FAR).readValue().getTaskId()).isEqualTo("task-1");
  }

  @Test
  void aCommandForEveryQueueReachesEachOfThem() {
    router.command(TaskAction.PAUSE, "*");
    router.request("task-1", "documentation");
    router.request("task-2", "analysis");

    assertThat(router.assignments(NEAR).isEmpty()).isTrue();
    assertThat(router.assignments(FAR).isEmpty()).isTrue();
    assertThat(router.taskEvents.readRecordsToList())
        .filteredOn(event -> event.value().getType() == TaskEventType.PAUSED)
        .extracting(TestRecord::key)
        .containsExactlyInAnyOrder(NEAR, FAR);
  }

  @Test
  void changedSettingsAreToldWithTheirValues() {
    router.commands.pipeInput(
        NEAR,
        TaskCommand.newBuilder()
            .setCommandId("command-1")
            .setQueue(NEAR)
            .setAction(TaskAction.CHANGE_SETTINGS)
            .setSettings(Map.of("max_concurrent", "8"))
            .build());

    TaskEvent changed = router.taskEvents.readValue();
    assertThat(changed.getType()).isEqualTo(TaskEventType.SETTINGS_CHANGED);
    assertThat(changed.getTaskId()).isNull();
    assertThat(changed.getReason()).contains("max_concurrent=8");
    assertThat(changed.getResult()).contains("\"max_concurrent\":\"8\"");
  }

  @Test
  void whoWritesToAQueueKnowsHowFullItIsAndHowItIsSet() {
    router.pass(Duration.ofSeconds(1));
    assertThat(router.snapshots.readValuesToList())
        .extracting(QueueSnapshot::getQueue)
        .contains(NEAR);

    router.command(TaskAction.PAUSE, NEAR);
    router.request("task-1", "documentation");
    router.pass(Duration.ofSeconds(1));

    QueueSnapshot latest = router.snapshots.readValuesToList().getLast();
    assertThat(latest.getQueue()).isEqualTo(NEAR);
    assertThat(latest.getBacklog()).isEqualTo(1);
    assertThat(latest.getRunning()).isZero();
    assertThat(latest.getPauses()).containsExactly("queue");
    assertThat(latest.getSettings()).containsEntry("paused", "true").containsKey("capacity");

    router.command(TaskAction.RESUME, NEAR);

    QueueSnapshot resumed = router.snapshots.readValuesToList().getLast();
    assertThat(resumed.getPauses()).isEmpty();
    assertThat(resumed.getSettings()).containsEntry("paused", "false");
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

  @Test
  void aTaskThatIsGivenUpIsADeadLetterWithItsRequest() {
    router.request("task-1", "analysis");
    AgentAssignment assignment = router.assignments(FAR).readValue();
    router.agentEvents.pipeInput(
        assignment.getRunId(),
        agentEvent(assignment, AgentEventType.FINISHED)
            .setOutcome(RunOutcome.FAILED)
            .setError(
                RunError.newBuilder()
                    .setCode("provider_unavailable")
                    .setMessage("no answer")
                    .setRetryable(true)
                    .build())
            .build());

    DeadLetter letter = router.deadLetters.readValue();
    assertThat(letter.getTopic()).isEqualTo("task.requests");
    assertThat(letter.getError()).isEqualTo("exhausted");
    assertThat(letter.getReason()).contains("provider_unavailable");
    assertThat(letter.getAttempts()).isEqualTo(1);
    assertThat(router.taskEvents.readValuesToList())
        .extracting(TaskEvent::getType)
        .endsWith(TaskEventType.FAILED, TaskEventType.PAUSED);
  }

  @Test
  void aRunThatStopsReportingIsKilledAndTriedAgain() {
    router.request("task-1", "documentation");
    AgentAssignment first = router.assignments(NEAR).readValue();
    router.report(first, AgentEventType.STARTED);

    router.pass(Duration.ofSeconds(61));
    router.pass(Duration.ofSeconds(1));

    assertThat(router.agentCommands.readValue())
        .satisfies(command -> {
          assertThat(command.getAction()).isEqualTo(AgentAction.KILL);
          assertThat(command.getRunId()).isEqualTo(first.getRunId());
        });
    router.pass(Duration.ofSeconds(2));
    AgentAssignment second = router.assignments(NEAR).readValue();
    assertThat(second.getAttempt()).isEqualTo(2);
    assertThat(second.getRunId()).isNotEqualTo(first.getRunId());
  }

  private static String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }
}
