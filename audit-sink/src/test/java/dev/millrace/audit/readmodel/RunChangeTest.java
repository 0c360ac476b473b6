package dev.millrace.audit.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.readmodel.RunChange.Status;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunError;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.agent.Usage;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunChangeTest {

  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

  @Test
  void aRunGoesFromStartingToItsEnd() {
    RunChange change =
        assigned().then(event(AgentEventType.STARTED)).then(event(AgentEventType.FINISHED));

    assertThat(change.status()).isEqualTo(Status.TIMEOUT);
    assertThat(change.startedAt()).isEqualTo(NOW);
    assertThat(change.completedAt()).isEqualTo(NOW);
    assertThat(change.error()).isEqualTo("took too long");
    assertThat(change.metadata()).containsEntry("model", "m1").containsEntry("attempt", "1");
  }

  @Test
  void anEndIsNeverTakenBack() {
    RunChange ended = event(AgentEventType.FINISHED);

    assertThat(ended.then(event(AgentEventType.STARTED)).status()).isEqualTo(Status.TIMEOUT);
    assertThat(ended.then(assigned()).status()).isEqualTo(Status.TIMEOUT);
    assertThat(event(AgentEventType.STARTED).then(assigned()).status()).isEqualTo(Status.RUNNING);
  }

  @Test
  void theProcessOfARunIsNamedAsItsWorkerSays() {
    assertThat(workedBy("mill-1:4711").containerId()).isEqualTo("host-pid-4711");
    assertThat(workedBy("mill-1").containerId()).isNull();
    assertThat(assigned().containerId()).isNull();
  }

  @Test
  void aRunThatIsAProcessOfItsOwnIsNamedByIt() {
    RunChange started = event(AgentEventType.STARTED);

    RunChange change = started.then(with(started, Map.of("process", "millrace-run-1")));

    assertThat(change.containerId()).isEqualTo("millrace-run-1");
  }

  private static RunChange workedBy(String worker) {
    return with(event(AgentEventType.STARTED), Map.of("worker", worker));
  }

  private static RunChange with(RunChange started, Map<String, String> metadata) {
    return new RunChange(
        started.runId(),
        started.taskId(),
        started.agentType(),
        started.status(),
        started.startedAt(),
        null,
        null,
        null,
        metadata,
        started.traceId());
  }

  @Test
  void costsAreDollarsAndTheHitRateIsAShare() {
    Usage usage =
        Usage.newBuilder()
            .setInputTokens(300)
            .setOutputTokens(50)
            .setCacheReadTokens(600)
            .setCacheWriteTokens(100)
            .setCostMicrodollars(1_234_567)
            .build();

    assertThat(CostTracking.dollars(usage)).isEqualByComparingTo("1.234567");
    assertThat(CostTracking.cacheHitRate(usage)).isEqualTo(0.6);
    assertThat(
            CostTracking.cacheHitRate(
                Usage.newBuilder().setInputTokens(0).setOutputTokens(1).build()))
        .isNull();
  }

  private static RunChange assigned() {
    AgentAssignment assignment =
        AgentAssignment.newBuilder()
            .setRunId("r1")
            .setTaskId("t1")
            .setQueue("claude")
            .setAgent("claude")
            .setAttempt(1)
            .setTaskType("documentation")
            .setDescription("Write")
            .setRole("coding")
            .setDispatchedAt(NOW)
            .build();
    return RunChange.of(Records.row(Topics.agentAssignments("claude"), 0, assignment))
        .orElseThrow();
  }

  private static RunChange event(AgentEventType type) {
    boolean finished = type == AgentEventType.FINISHED;
    AgentEvent event =
        AgentEvent.newBuilder()
            .setEventId(type.name())
            .setRunId("r1")
            .setTaskId("t1")
            .setQueue("claude")
            .setAgent("claude")
            .setAttempt(1)
            .setType(type)
            .setModel("m1")
            .setOutcome(finished ? RunOutcome.TIMED_OUT : null)
            .setError(
                finished
                    ? RunError.newBuilder()
                        .setCode("timeout")
                        .setMessage("took too long")
                        .setRetryable(true)
                        .build()
                    : null)
            .setOccurredAt(NOW)
            .build();
    return RunChange.of(Records.row(Topics.AGENT_EVENTS, 1, event)).orElseThrow();
  }
}
