package dev.millrace.router.workflow.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskContext;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskRequest;
import dev.millrace.schemas.task.TaskStatus;
import dev.millrace.schemas.workflow.WorkflowEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows that begin with a task. */
class WorkflowTopologyTest {

  private static final String FLOW = "flow-1";
  private static final String PLAN = "{\"answer\":{\"next\":\"coding\",\"plan\":\"Add it.\"}}";
  private static final String CHANGE =
      """
      {"text":"done","commit_sha":"%s","branch":"millrace/flow-1",
       "pull_request":{"number":7,"url":"https://github.example/acme/site/pull/7"}}
      """;
  private static final String CHANGES_REQUESTED =
      "{\"answer\":{\"verdict\":\"changes_requested\",\"summary\":\"The title is wrong.\"}}";

  @TempDir private Path state;

  private static String verdict(String verdict) {
    return "{\"answer\":{\"verdict\":\"%s\",\"summary\":\"seen\"}}".formatted(verdict);
  }

  @Test
  void aTaskGoesThroughAllAgentsUntilItIsVerified() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of("WORKFLOW_AUTO_MERGE", "true"))) {
      // given
      flow.request(FLOW);

      // when
      flow.completed(next(flow, "starter"), PLAN);
      TaskRequest coding = next(flow, "coding");
      flow.completed(coding, CHANGE.formatted("c1"));
      TaskRequest review = next(flow, "reviewer");
      flow.completed(review, verdict("approved"));
      TaskRequest merge = next(flow, "merger");
      flow.completed(merge, "{\"merged\":{\"sha\":\"m1\"}}");
      flow.completed(next(flow, "deployer"), verdict("deployed"));
      flow.completed(next(flow, "verifier"), verdict("passed"));

      // then
      assertThat(flow.events())
          .extracting(WorkflowEvent::getType)
          .containsExactly(
              "task.assigned",
              "task.plan.created",
              "pr.created",
              "pr.approved",
              "pr.merged",
              "deploy.completed",
              "verify.passed",
              "flow.completed");
      assertThat(coding.getAttributes())
          .containsEntry("work_branch", "millrace/flow-1")
          .containsEntry("open_pull_request", "true");
      assertThat(coding.getAttributes().get("material")).contains("Add it.");
      assertThat(review.getContext().getBranch()).isEqualTo("millrace/flow-1");
      assertThat(review.getAttributes()).containsEntry("commit", "false");
      assertThat(merge.getAttributes())
          .containsEntry("merge_pull_request", "7")
          .containsEntry("merge_commit", "c1");
      TaskEvent end = flow.taskEvents().getLast();
      assertThat(end.getTaskId()).isEqualTo(FLOW);
      assertThat(end.getStatus()).isEqualTo(TaskStatus.COMPLETED);
      assertThat(end.getResult()).contains("\"pull_request\":7", "\"commit_sha\":\"m1\"");
    }
  }

  @Test
  void everyStepIsInTheTraceOfTheTaskAndNamesItsCause() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // when
      flow.request(FLOW);

      // then
      TestRecord<String, WorkflowEvent> first = flow.eventRecords().getFirst();
      assertThat(first.value().getCauseId()).isEqualTo("request/" + FLOW);
      assertThat(first.key()).isEqualTo(FLOW);
      assertThat(header(first, EventHeaders.TRACEPARENT))
          .contains(TraceContext.of(new EventId("trace")).traceId());
      assertThat(flow.requested().getParentTaskId()).isEqualTo(FLOW);
    }
  }

  @Test
  void furtherRepositoriesGoWithEveryStep() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // when
      flow.request(
          TaskRequest.newBuilder()
              .setTaskId(FLOW)
              .setTaskType("code")
              .setDescription("Use the new call.")
              .setContext(
                  TaskContext.newBuilder()
                      .setRepository(WorkflowDriver.REPOSITORY)
                      .setRepositories(List.of("acme/library"))
                      .build())
              .build());

      // then
      assertThat(flow.requested().getContext().getRepositories()).containsExactly("acme/library");
    }
  }

  @Test
  void aReplayWithoutModelCallsBeginsAndMovesNoFlow() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // given
      flow.request(FLOW);
      next(flow, "starter");
      flow.taskEvents();

      // when
      flow.replay = "replay-1";
      flow.request("flow-2");
      flow.platform(
          "task.plan.created", "{\"task_id\": \"%s\", \"plan\": \"Old\"}".formatted(FLOW));

      // then
      assertThat(flow.requests()).isEmpty();
      assertThat(flow.taskEvents())
          .singleElement()
          .satisfies(event -> {
            assertThat(event.getTaskId()).isEqualTo("flow-2");
            assertThat(event.getType()).isEqualTo(TaskEventType.REJECTED);
          });
      flow.replay = null;
      flow.request("flow-2");
      next(flow, "starter");
    }
  }

  @Test
  void aPlanFromOutsideTakesThePlaceOfTheStarters() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // given
      flow.request(FLOW);
      TaskRequest starter = next(flow, "starter");

      // when
      flow.platform(
          "task.plan.created",
          "{\"task_id\": \"%s\", \"plan\": \"Write one page\"}".formatted(FLOW));

      // then
      assertThat(next(flow, "coding").getAttributes().get("material")).contains("Write one page");
      assertThat(flow.commands())
          .singleElement()
          .satisfies(stop -> assertThat(stop.getTaskId()).isEqualTo(starter.getTaskId()));
    }
  }

  @Test
  void aRequestOrAnEndThatComesAgainChangesNothing() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // given
      flow.request(FLOW);
      TaskRequest starter = next(flow, "starter");
      flow.completed(starter, PLAN);
      next(flow, "coding");

      // when
      flow.request(FLOW);
      flow.completed(starter, PLAN);

      // then
      assertThat(flow.requests()).isEmpty();
      assertThat(flow.events()).hasSize(2);
    }
  }

  @Test
  void afterTheLastRoundAPersonIsAsked() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of("WORKFLOW_MAX_ROUNDS", "1"))) {
      // given
      reviewed(flow);
      TaskRequest fixUp = next(flow, "coding");
      assertThat(fixUp.getAttributes().get("material")).contains("The title is wrong.");
      assertThat(fixUp.getContext().getBranch()).isEqualTo("millrace/flow-1");
      flow.completed(fixUp, CHANGE.formatted("c2"));

      // when
      flow.completed(next(flow, "reviewer"), CHANGES_REQUESTED);

      // then
      assertThat(flow.requests()).isEmpty();
      assertThat(flow.events())
          .extracting(WorkflowEvent::getType)
          .endsWith("pr.updated", "pr.changes.requested", "approval.requested");
      assertThat(flow.taskEvents().getLast().getStatus()).isEqualTo(TaskStatus.PAUSED);
      flow.command(TaskAction.APPROVE, FLOW);
      assertThat(next(flow, "coding").getTaskId()).isEqualTo("flow-1.6-coding");
    }
  }

  @Test
  void anApprovalThatNobodyGivesExpires() {
    try (WorkflowDriver flow =
        new WorkflowDriver(state, Map.of("WORKFLOW_APPROVAL_TIMEOUT", "2h"))) {
      // given
      flow.request(FLOW);
      flow.completed(next(flow, "starter"), PLAN);
      flow.completed(next(flow, "coding"), CHANGE.formatted("c1"));
      flow.completed(next(flow, "reviewer"), verdict("approved"));
      assertThat(flow.events().getLast().getExpiresAt())
          .isEqualTo(WorkflowDriver.START.plus(Duration.ofHours(2)));

      // when
      flow.pass(Duration.ofHours(3));

      // then
      assertThat(flow.events())
          .extracting(WorkflowEvent::getType)
          .containsExactly("approval.expired");
      assertThat(flow.taskEvents().getLast().getStatus()).isEqualTo(TaskStatus.FAILED);
    }
  }

  @Test
  void whatDoesNotPassTheVerificationBecomesABugThatAsksFirst() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of("WORKFLOW_AUTO_MERGE", "true"))) {
      // given
      flow.request(FLOW);
      flow.completed(next(flow, "starter"), PLAN);
      flow.completed(next(flow, "coding"), CHANGE.formatted("c1"));
      flow.completed(next(flow, "reviewer"), verdict("approved"));
      flow.completed(next(flow, "merger"), "{\"merged\":{\"sha\":\"m1\"}}");
      flow.completed(next(flow, "deployer"), verdict("deployed"));

      // when
      flow.completed(next(flow, "verifier"), verdict("failed"));

      // then
      TaskRequest bug = flow.requested();
      assertThat(bug.getParentTaskId()).isEqualTo(FLOW);
      assertThat(bug.getTitle()).startsWith("Bug: ");
      assertThat(bug.getAttributes()).containsEntry("bug_of", FLOW);
      assertThat(flow.requests()).isEmpty();
      List<TaskEvent> told = flow.taskEvents();
      assertThat(told)
          .filteredOn(event -> event.getType() == TaskEventType.FAILED)
          .extracting(TaskEvent::getReason)
          .containsExactly("verify.failed: seen");
      assertThat(told.getLast().getType()).isEqualTo(TaskEventType.APPROVAL_REQUESTED);
      flow.command(TaskAction.APPROVE, bug.getTaskId());
      assertThat(next(flow, "starter").getParentTaskId()).isEqualTo(bug.getTaskId());
    }
  }

  @Test
  void aCancelledFlowStopsItsAgent() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // given
      flow.request(FLOW);
      TaskRequest starter = next(flow, "starter");

      // when
      flow.command(TaskAction.CANCEL, FLOW);

      // then
      assertThat(flow.commands())
          .singleElement()
          .satisfies(stop -> {
            assertThat(stop.getTaskId()).isEqualTo(starter.getTaskId());
            assertThat(stop.getQueue()).isEqualTo("*");
          });
      assertThat(flow.taskEvents().getLast().getStatus()).isEqualTo(TaskStatus.CANCELLED);
      assertThat(flow.events())
          .extracting(WorkflowEvent::getType)
          .endsWith("cancel.requested", "flow.cancelled");
      flow.ended(starter, TaskEventType.CANCELLED, null);
      assertThat(flow.requests()).isEmpty();
    }
  }

  @Test
  void aStepThatFailedAndIsRetriedTakesItsFlowOn() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // given
      flow.request(FLOW);
      TaskRequest starter = next(flow, "starter");
      flow.ended(starter, TaskEventType.FAILED, null);
      assertThat(flow.taskEvents().getLast().getStatus()).isEqualTo(TaskStatus.FAILED);

      // when
      flow.completed(starter, PLAN);

      // then
      assertThat(next(flow, "coding").getTaskId()).isEqualTo("flow-1.2-coding");
    }
  }

  @Test
  void aStarterMayAskForAnAuditInstead() {
    try (WorkflowDriver flow = new WorkflowDriver(state, Map.of())) {
      // given
      flow.request(FLOW);

      // when
      flow.completed(
          next(flow, "starter"), "{\"answer\":{\"next\":\"audit\",\"plan\":\"Look first.\"}}");
      flow.completed(next(flow, "auditor"), "{\"answer\":{\"summary\":\"fine\"}}");

      // then
      assertThat(flow.events())
          .extracting(WorkflowEvent::getType)
          .containsExactly("task.assigned", "audit.requested", "audit.completed", "flow.completed");
    }
  }

  private static void reviewed(WorkflowDriver flow) {
    flow.request(FLOW);
    flow.completed(next(flow, "starter"), PLAN);
    flow.completed(next(flow, "coding"), CHANGE.formatted("c1"));
    flow.completed(next(flow, "reviewer"), CHANGES_REQUESTED);
  }

  private static TaskRequest next(WorkflowDriver flow, String role) {
    TaskRequest step = flow.requested();
    assertThat(step.getAttributes()).containsEntry("role", role);
    return step;
  }

  private static String header(TestRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
