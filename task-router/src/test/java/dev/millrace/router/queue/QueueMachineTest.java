package dev.millrace.router.queue;

import static dev.millrace.router.queue.QueueFixture.LEASE;
import static dev.millrace.router.queue.QueueFixture.dispatched;
import static dev.millrace.router.queue.QueueFixture.queueSteps;
import static dev.millrace.router.queue.QueueFixture.run;
import static dev.millrace.router.queue.QueueFixture.steps;
import static dev.millrace.router.queue.QueueFixture.taskRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskEventType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueMachineTest {

  private final QueueFixture queue = new QueueFixture(Map.of("ageing", "10m"));

  @Test
  void aRequestIsQueuedAndDispatchedWhenASlotIsFree() {
    List<QueueEffect> effects = queue.request("a");

    assertThat(steps(effects)).containsExactly("a CREATED", "a QUEUED", "a DISPATCHED");
    assertThat(effects.getLast())
        .isInstanceOfSatisfying(
            QueueEffect.Dispatch.class,
            dispatch -> {
              assertThat(dispatch.run()).isEqualTo(run("a", 1));
              assertThat(dispatch.task().attempt()).isEqualTo(1);
            });
  }

  @Test
  void aRequestThatComesAgainChangesNothing() {
    queue.request("a");
    queue.complete("a", 1);

    assertThat(queue.request("a")).isEmpty();
  }

  @Test
  void aTaskOfAReplayWithoutModelCallsTakesNoSlot() {
    List<QueueEffect> replayed = queue.requestReplayed("a", "replay-1;effects=commits");
    queue.requestReplayed("b", "replay-2;effects=model-calls");

    assertThat(replayed)
        .singleElement()
        .isInstanceOfSatisfying(
            QueueEffect.Rejected.class,
            rejected -> assertThat(rejected.reason()).contains("without model calls"));
    assertThat(queue.knows("a")).isFalse();
    assertThat(dispatched(queue.history)).containsExactly("b");
  }

  @Test
  void aReplayOfATaskThatTheQueueKnowsChangesNothing() {
    queue.request("a");

    assertThat(queue.requestReplayed("a", "replay-1")).isEmpty();
  }

  @Test
  void aFinishedRunFreesItsSlotForTheNext() {
    queue.request("a");
    queue.request("b");
    queue.start("a", 1);

    List<QueueEffect> effects = queue.complete("a", 1);

    assertThat(steps(effects)).containsExactly("a COMPLETED", "b DISPATCHED");
    assertThat(queue.status().running()).isEqualTo(1);
    assertThat(queue.status().backlog()).isZero();
  }

  @Test
  void higherPrioritiesGoFirstAndInsideOneTheOldest() {
    queue.request("running");
    queue.request("low", Priority.LOW);
    queue.request("medium-1", Priority.MEDIUM);
    queue.request("medium-2", Priority.MEDIUM);
    queue.request("critical", Priority.CRITICAL);
    queue.request("high", Priority.HIGH);

    queue.complete("running", 1);
    for (String task : List.of("critical", "high", "medium-1", "medium-2", "low")) {
      queue.complete(task, 1);
    }

    assertThat(dispatched(queue.history))
        .containsExactly("running", "critical", "high", "medium-1", "medium-2", "low");
  }

  @Test
  void aTaskRisesWhileItWaits() {
    queue.request("running");
    queue.start("running", 1);
    queue.request("low", Priority.LOW);
    for (int reports = 0; reports < 62; reports++) {
      queue.pass(Duration.ofSeconds(30));
      queue.heartbeat("running", 1);
    }
    queue.request("critical", Priority.CRITICAL);

    List<QueueEffect> effects = queue.complete("running", 1);

    assertThat(dispatched(effects)).containsExactly("low");
  }

  @Test
  void aFailedRunIsTriedAgainLater() {
    queue.request("a");

    List<QueueEffect> failed = queue.fail("a", 1);
    List<QueueEffect> later = queue.pass(Duration.ofSeconds(1));

    assertThat(steps(failed)).containsExactly("a RETRY_SCHEDULED");
    assertThat(steps(later)).containsExactly("a QUEUED", "a DISPATCHED");
    assertThat(queue.task("a").attempt()).isEqualTo(2);
  }

  @Test
  void aProvidersRetryAfterIsHonoured() {
    queue.request("a");
    queue.finish("a", 1, new RunResult.Failed("limited", true, Duration.ofMinutes(4), false));

    assertThat(queue.pass(Duration.ofMinutes(4).minusSeconds(1))).isEmpty();
    assertThat(dispatched(queue.pass(Duration.ofSeconds(30)))).containsExactly("a");
  }

  @Test
  void aTaskThatFailsTooOftenIsGivenUpAndStopsItsQueue() {
    queue.request("a");
    queue.request("b");
    queue.fail("a", 1);
    queue.complete("b", 1);
    queue.pass(Duration.ofMinutes(1));
    queue.fail("a", 2);
    queue.pass(Duration.ofMinutes(1));
    queue.request("c");

    List<QueueEffect> effects = queue.fail("a", 3);

    assertThat(steps(effects)).containsExactly("a FAILED");
    assertThat(queueSteps(effects)).containsExactly(TaskEventType.PAUSED);
    assertThat(effects)
        .anySatisfy(effect ->
            assertThat(effect)
                .isInstanceOfSatisfying(
                    QueueEffect.GiveUp.class,
                    giveUp -> assertThat(giveUp.kind()).isEqualTo("exhausted")));
    assertThat(dispatched(queue.tick())).isEmpty();
  }

  @Test
  void aFailureThatNoRetryCuresIsFinalAtOnce() {
    QueueFixture going = new QueueFixture(Map.of("stop_on_failure", "false"));
    going.request("a");
    going.request("b");

    List<QueueEffect> effects =
        going.finish("a", 1, new RunResult.Failed("bad_request", false, null, false));

    assertThat(steps(effects)).containsExactly("a FAILED", "b DISPATCHED");
    assertThat(queueSteps(effects)).isEmpty();
  }

  @Test
  void aRunThatStopsReportingIsTakenBackAndRetried() {
    queue.request("a");
    queue.start("a", 1);
    queue.pass(LEASE.minusSeconds(20));
    queue.heartbeat("a", 1);

    assertThat(queue.pass(LEASE.minusSeconds(1))).isEmpty();
    List<QueueEffect> effects = queue.pass(Duration.ofSeconds(2));

    assertThat(effects).anyMatch(QueueEffect.Kill.class::isInstance);
    assertThat(steps(effects)).startsWith("a RETRY_SCHEDULED");
  }

  @Test
  void whatALateRunReportsIsIgnored() {
    queue.request("a");
    queue.start("a", 1);
    queue.pass(LEASE.plusMinutes(1));
    assertThat(queue.task("a").attempt()).isEqualTo(2);

    List<QueueEffect> effects = queue.complete("a", 1);

    assertThat(effects).isEmpty();
    assertThat(queue.task("a").stage()).isInstanceOf(Stage.Running.class);
  }

  @Test
  void aRunThatStartsAfterItWasTakenBackIsToldToEnd() {
    queue.request("a");
    queue.pass(QueueFixture.START_TIMEOUT);
    assertThat(queue.task("a").attempt()).isEqualTo(2);

    List<QueueEffect> late = queue.start("a", 1);
    List<QueueEffect> invented = queue.start("a", 3);

    assertThat(late)
        .singleElement()
        .isInstanceOfSatisfying(
            QueueEffect.Kill.class,
            kill -> assertThat(kill.run()).isEqualTo(QueueFixture.run("a", 1)));
    assertThat(invented).isEmpty();
    assertThat(steps(queue.start("a", 2))).containsExactly("a STARTED");
  }

  @Test
  void aRunThatNobodyTakesUpIsDispatchedAgainWithoutCountingAsFailed() {
    queue.request("a");

    List<QueueEffect> effects = queue.pass(QueueFixture.START_TIMEOUT);

    assertThat(steps(effects)).containsExactly("a QUEUED", "a DISPATCHED");
    assertThat(queue.task("a").attempt()).isEqualTo(2);
    assertThat(queue.task("a").failures()).isZero();
  }

  @Test
  void afterARestartRunsGetTheirLeaseAgainBeforeTheyAreMissed() {
    queue.request("a");
    queue.start("a", 1);
    queue.restart();
    QueueFixture restarted = queue;

    assertThat(restarted.pass(LEASE.minusSeconds(1))).isEmpty();
    assertThat(steps(restarted.pass(Duration.ofSeconds(2)))).contains("a RETRY_SCHEDULED");
  }

  @Test
  void aFullQueueTurnsRequestsAway() {
    QueueFixture small = new QueueFixture(Map.of("capacity", "1"));
    small.request("running");
    small.request("waiting");

    List<QueueEffect> effects = small.request("too-many");

    assertThat(effects).hasSize(1).allMatch(QueueEffect.Rejected.class::isInstance);
    assertThat(small.knows("too-many")).isFalse();
  }

  @Test
  void aWaitingTaskWhoseDeadlinePassesExpires() {
    queue.request("running");
    queue.request(
        taskRequest("late", Priority.HIGH).setDeadline(queue.now().plusSeconds(30)).build());

    List<QueueEffect> effects = queue.pass(Duration.ofSeconds(31));

    assertThat(steps(effects)).containsExactly("late EXPIRED");
    assertThat(queue.status().backlog()).isZero();
  }

  @Test
  void aRunningTaskWhoseDeadlinePassesIsKilledAndKeepsItsSlotUntilItsRunEnds() {
    queue.request(
        taskRequest("late", Priority.HIGH).setDeadline(queue.now().plusSeconds(30)).build());
    queue.start("late", 1);
    queue.request("next");

    List<QueueEffect> atDeadline = queue.pass(Duration.ofSeconds(31));
    List<QueueEffect> atEnd = queue.finish("late", 1, new RunResult.Killed("killed"));

    assertThat(atDeadline).hasSize(1).allMatch(QueueEffect.Kill.class::isInstance);
    assertThat(steps(atEnd)).containsExactly("late EXPIRED", "next DISPATCHED");
  }

  @Test
  void aQueueThatOnlyCollectsDispatchesNothing() {
    QueueFixture collecting = new QueueFixture(Map.of(), false);

    List<QueueEffect> effects = collecting.request("a");

    assertThat(steps(effects)).containsExactly("a CREATED", "a QUEUED");
    assertThat(dispatched(collecting.pass(Duration.ofMinutes(5)))).isEmpty();
  }

  @Test
  void finishedTasksAreForgottenInTheEnd() {
    queue.request("a");
    queue.complete("a", 1);

    queue.pass(Duration.ofHours(24));

    assertThat(queue.knows("a")).isFalse();
    assertThat(queue.store.size()).as("only the status is left").isEqualTo(1);
  }
}
