package dev.millrace.router.topology;

import static dev.millrace.router.topology.RouterDriver.FAR;
import static dev.millrace.router.topology.RouterDriver.NEAR;
import static dev.millrace.router.topology.RouterDriver.agentEvent;
import static dev.millrace.router.topology.RouterDriver.taskRequest;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterTopologyTest {

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
  void aTaskWhoseRunItsDeadlineEndedHasExpiredAndItsQueueGoesOn() {
    router.request("late", "documentation");
    router.request("next", "documentation");
    AgentAssignment late = router.assignments(NEAR).readValue();
    RunError error =
        RunError.newBuilder()
            .setCode("deadline_passed")
            .setMessage("the deadline of the task has passed")
            .setRetryable(false)
            .build();

    router.agentEvents.pipeInput(
        late.getRunId(),
        agentEvent(late, AgentEventType.FINISHED)
            .setOutcome(RunOutcome.TIMED_OUT)
            .setResult(null)
            .setError(error)
            .build());

    assertThat(router.taskEvents.readValuesToList())
        .filteredOn(event -> "late".equals(event.getTaskId()))
        .extracting(TaskEvent::getType)
        .endsWith(TaskEventType.DISPATCHED, TaskEventType.EXPIRED);
    assertThat(router.assignments(NEAR).readValuesToList())
        .extracting(AgentAssignment::getTaskId)
        .containsExactly("next");
    assertThat(router.deadLetters.isEmpty()).isTrue();
  }

  @Test
  void noRunIsMissedWhileTheRouterCatchesUp() {
    router.request("running", "documentation");
    router.report(router.assignments(NEAR).readValue(), AgentEventType.STARTED);

    for (int second = 1; second <= 6; second++) {
      router.pass(Duration.ofSeconds(20));
      router.requests.pipeInput(
          "old-" + second,
          taskRequest("old-" + second, "documentation").build(),
          RouterDriver.START.plusSeconds(second));
    }

    assertThat(router.agentCommands.isEmpty()).isTrue();
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
  void anAgentThatIsNamedWinsOverTheRoutingTable() {
    router.requests.pipeInput(
        "task-1", taskRequest("task-1", "documentation").setAgent(FAR).build());

    assertThat(router.assignments(FAR).readValue().getTaskId()).isEqualTo("task-1");
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
