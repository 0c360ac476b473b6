package dev.millrace.worker.run;

import static dev.millrace.worker.run.RunFixture.DONE;
import static dev.millrace.worker.run.RunFixture.assignment;
import static dev.millrace.worker.run.RunFixture.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.runtime.share.Delivery;
import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.worker.agent.AgentFailure;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.TokenUsage;
import dev.millrace.worker.run.RunFixture.AgentBody;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunExecutorTest {

  private final RunFixture runs = new RunFixture();

  @Test
  void aRunIsReportedFromItsStartToItsEndInOrder() throws InterruptedException {
    runs.execute((run, reporter) -> {
      reporter.log("one\ntwo");
      reporter.usage(new TokenUsage("m", 10, 5, 0, 0));
      return DONE;
    });

    assertThat(runs.broker.types())
        .containsExactly(AgentEventType.STARTED, AgentEventType.USAGE, AgentEventType.FINISHED);
    assertThat(runs.broker.lines()).containsExactly("one", "two");
    assertThat(runs.broker.written).allMatch(written -> written.key().equals("run-1"));
    AgentEvent end = runs.broker.last();
    assertThat(end.getOutcome()).isEqualTo(RunOutcome.COMPLETED);
    assertThat(end.getResult()).contains("\"text\":\"done\"", "\"provider\":\"anthropic\"");
    assertThat(end.getQueue()).isEqualTo("claude");
    assertThat(end.getAttempt()).isEqualTo(2);
    assertThat(end.getTaskId()).isEqualTo("task-1");
    assertThat(end.getProvider()).isEqualTo("anthropic");
    assertThat(end.getWorker()).isEqualTo("host:1");
    assertThat(runs.broker.events().get(1).getUsage().getCostMicrodollars()).isEqualTo(70);
    assertThat(runs.meters.get("millrace.worker.runs").tag("outcome", "completed").timer().count())
        .isEqualTo(1);
    assertThat(runs.meters.get("millrace.worker.runs.active").gauge().value()).isZero();
  }

  @Test
  void aRunThatIsAProcessOfItsOwnTellsWhichFromThenOn() throws InterruptedException {
    runs.execute((run, reporter) -> {
      reporter.launched("host-pid-4711");
      return DONE;
    });

    assertThat(runs.broker.events())
        .extracting(AgentEvent::getType, AgentEvent::getProcess)
        .containsExactly(
            tuple(AgentEventType.STARTED, null),
            tuple(AgentEventType.HEARTBEAT, "host-pid-4711"),
            tuple(AgentEventType.FINISHED, "host-pid-4711"));
  }

  @Test
  void aRunThatIsDeliveredAgainIsReportedWithTheSameIds() throws InterruptedException {
    AgentBody body =
        (run, reporter) -> {
          reporter.log("line");
          return DONE;
        };
    Delivery<AgentAssignment> delivery = delivery(assignment().build());
    runs.execute(body, delivery, Duration.ofMinutes(1));
    List<String> first = ids();
    runs.broker.written.clear();

    runs.execute(body, delivery, Duration.ofMinutes(1));

    assertThat(ids()).isEqualTo(first).doesNotHaveDuplicates();
    assertThat(runs.broker.written)
        .allMatch(written ->
            written.context().trace().traceId().equals(delivery.context().trace().traceId()));
  }

  @Test
  void aCallThatIsMadeAgainAfterItsWorkerDiedIsPaidForAgain() throws InterruptedException {
    Delivery<AgentAssignment> delivery = delivery(assignment().build());
    runs.execute(using(new TokenUsage("m", 10, 5, 0, 0)), delivery, Duration.ofMinutes(1));
    List<String> first = usages();
    runs.broker.written.clear();

    runs.execute(using(new TokenUsage("m", 10, 6, 0, 0)), delivery, Duration.ofMinutes(1));

    assertThat(usages()).hasSize(1).isNotEqualTo(first);
  }

  private static AgentBody using(TokenUsage usage) {
    return (run, reporter) -> {
      reporter.usage(usage);
      return DONE;
    };
  }

  private List<String> usages() {
    return runs.broker.events().stream()
        .filter(event -> event.getType() == AgentEventType.USAGE)
        .map(AgentEvent::getEventId)
        .toList();
  }

  @Test
  void aFailedRunIsARunThatEnded() throws InterruptedException {
    runs.execute((run, reporter) ->
        new Failed(new AgentFailure("rate_limited", "slow down", true, Duration.ofSeconds(9)), 3));

    AgentEvent end = runs.broker.last();
    assertThat(end.getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(end.getError().getCode()).isEqualTo("rate_limited");
    assertThat(end.getError().getRetryable()).isTrue();
    assertThat(end.getError().getRetryAfterMs()).isEqualTo(9_000);
    assertThat(end.getExitCode()).isEqualTo(3);
  }

  @Test
  void aRunThatIsGivenUpFailsForGood() throws InterruptedException {
    runs.executor((run, reporter) -> DONE, Duration.ofMinutes(1))
        .givenUp(delivery(assignment().build()), "delivered 5 times without an end");

    assertThat(runs.broker.types()).containsExactly(AgentEventType.FINISHED);
    AgentEvent end = runs.broker.last();
    assertThat(end.getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(end.getError().getCode()).isEqualTo("given_up");
    assertThat(end.getError().getMessage())
        .isEqualTo("the run was given up: delivered 5 times without an end");
    assertThat(end.getError().getRetryable()).isFalse();
  }

  @Test
  void anAgentThatBreaksFailsItsRun() throws InterruptedException {
    runs.execute((run, reporter) -> {
      throw new IllegalStateException("bug");
    });

    assertThat(runs.broker.last().getOutcome()).isEqualTo(RunOutcome.FAILED);
    assertThat(runs.broker.last().getError().getCode()).isEqualTo("internal_error");
  }

  @Test
  void aDeliveryIsNotAcceptedWhenItsEventsAreNotWritten() {
    runs.broker.refusing = true;

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> runs.execute((run, reporter) -> DONE))
        .withMessage("no broker");
  }

  private List<String> ids() {
    return runs.broker.written.stream().map(written -> written.context().id().value()).toList();
  }
}
