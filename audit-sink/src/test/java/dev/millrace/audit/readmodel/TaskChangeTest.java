package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.Commit;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskChangeTest {

  private static final Instant ASKED = Instant.parse("2026-11-20T09:00:00Z");

  @Test
  void aRequestFillsInWhatWasAskedFor() {
    TaskChange change = change(request());

    assertThat(change.firstAt()).isEqualTo(ASKED);
    assertThat(Objects.requireNonNull(change.context()).getRepository()).isEqualTo("acme/shop");
    assertThat(AiTasks.columns(change))
        .contains("t1", "documentation", "Write the guide", "high", "acme/shop", -1L);
  }

  @Test
  void theLatestStepSaysWhereATaskStands() {
    TaskChange change =
        change(step(4, TaskEventType.QUEUED, TaskStatus.QUEUED, null))
            .then(change(step(5, TaskEventType.STARTED, TaskStatus.IN_PROGRESS, null)))
            .then(change(step(6, TaskEventType.PROGRESSED, null, null)))
            .then(change(step(7, TaskEventType.FAILED, TaskStatus.FAILED, "no answer")));

    assertThat(Objects.requireNonNull(change.step()).offset()).isEqualTo(7);
    assertThat(change.step().event().getReason()).isEqualTo("no answer");
    assertThat(change.startedAt()).isEqualTo(at(5));
    assertThat(change.completedAt()).isEqualTo(at(7));
    assertThat(change.step().event().getRunId()).isEqualTo("r1");
  }

  @Test
  void aTaskThatIsTriedAgainHasNotEnded() {
    TaskChange change =
        change(step(7, TaskEventType.FAILED, TaskStatus.FAILED, "no answer"))
            .then(change(step(8, TaskEventType.QUEUED, TaskStatus.QUEUED, null)));

    assertThat(change.completedAt()).isNull();
    assertThat(AiTasks.columns(change)).contains("queued", 8L).doesNotContain("no answer");
  }

  @Test
  void aStepWithoutAStatusLeavesTheStatus() {
    TaskChange change = change(step(9, TaskEventType.APPROVED, null, "by hand"));

    assertThat(AiTasks.columns(change)).contains(-1L).doesNotContain("by hand");
  }

  @Test
  void theOrderOfTopicsDoesNotMatter() {
    TaskChange request = change(request());
    TaskChange step = change(step(3, TaskEventType.STARTED, TaskStatus.IN_PROGRESS, null));
    TaskChange commit = change(committed());

    List<TaskChange> orders =
        List.of(
            request.then(step).then(commit),
            commit.then(step).then(request),
            step.then(commit).then(request));

    assertThat(orders)
        .extracting(AiTasks::columns)
        .allSatisfy(columns -> assertThat(columns).isEqualTo(AiTasks.columns(orders.getFirst())));
  }

  @Test
  void aStepOfAQueueIsOfNoTask() {
    TaskEvent event =
        TaskEvent.newBuilder(step(1, TaskEventType.PAUSED, null, null).event())
            .setTaskId(null)
            .build();

    assertThat(TaskChange.of(Records.row(Topics.TASK_EVENTS, 1, event))).isEmpty();
  }

  @Test
  void aRequestWithABlankIdIsNoTask() {
    TaskRequest request =
        TaskRequest.newBuilder()
            .setTaskId(" ")
            .setTaskType("documentation")
            .setDescription("Write the guide")
            .build();

    assertThat(TaskChange.of(Records.row(Topics.TASK_REQUESTS, 0, request))).isEmpty();
  }

  private record Step(TaskEvent event, long offset) {}

  private static TaskChange change(Step step) {
    return change(Records.row(Topics.TASK_EVENTS, step.offset(), step.event()));
  }

  private static TaskChange change(MirrorRow row) {
    return TaskChange.of(row).orElseThrow();
  }

  private static MirrorRow request() {
    return Records.row(
        Topics.TASK_REQUESTS,
        0,
        TaskRequest.newBuilder()
            .setTaskId("t1")
            .setTaskType("documentation")
            .setDescription("Write the guide")
            .setPriority(Priority.HIGH)
            .setContext(TaskContext.newBuilder().setRepository("acme/shop").build())
            .setRequestedAt(ASKED)
            .build());
  }

  private static Step step(
      long offset, TaskEventType type, @Nullable TaskStatus status, @Nullable String reason) {
    return new Step(
        TaskEvent.newBuilder()
            .setEventId("e" + offset)
            .setTaskId("t1")
            .setType(type)
            .setStatus(status)
            .setReason(reason)
            .setAgent("claude")
            .setTaskType("documentation")
            .setRunId(type == TaskEventType.STARTED ? "r1" : null)
            .setOccurredAt(at(offset))
            .build(),
        offset);
  }

  private static MirrorRow committed() {
    return Records.row(
        Topics.AGENT_EVENTS,
        0,
        AgentEvent.newBuilder()
            .setEventId("c1")
            .setRunId("r1")
            .setTaskId("t1")
            .setQueue("claude")
            .setAgent("claude")
            .setAttempt(1)
            .setType(AgentEventType.COMMITTED)
            .setCommit(
                Commit.newBuilder()
                    .setRepository("acme/shop")
                    .setBranch("main")
                    .setSha("abc")
                    .setPaths(List.of("docs/a.md"))
                    .build())
            .setOccurredAt(at(60))
            .build());
  }

  private static Instant at(long second) {
    return ASKED.plusSeconds(second);
  }
}
