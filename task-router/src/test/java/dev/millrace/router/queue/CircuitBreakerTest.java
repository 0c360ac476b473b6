package dev.millrace.router.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.circuit.Circuit;
import dev.millrace.router.circuit.Provider;
import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskEventType;
import dev.millrace.schemas.task.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Queues whose provider fails. */
class CircuitBreakerTest {

  private static final Map<String, String> PATIENT =
      Map.of(
          "max_concurrent", "8",
          "max_attempts", "100",
          "retry_backoff", "1ms",
          "retry_max_backoff", "1ms");

  @Test
  void eachFailureInARowHalvesTheRunsUnderWay() {
    QueueFixture queue = busy(PATIENT);

    blame(queue, "task-0", null);
    blame(queue, "task-1", null);

    // 6 are under way, and only 2 may be: none begins before they have ended.
    assertThat(queue.status().running()).isEqualTo(6);
    for (int i = 2; i < 8; i++) {
      queue.finish("task-" + i, 1, new RunResult.Failed("bad input", false, null, false));
      queue.command(queue.command(TaskAction.RESUME));
    }
    assertThat(queue.status().running()).isEqualTo(2);
  }

  @Test
  void aSuccessLetsEverythingGoOn() {
    QueueFixture queue = busy(PATIENT);
    blame(queue, "task-0", null);
    blame(queue, "task-1", null);

    queue.complete("task-2", 1);

    assertThat(queue.status().running()).isEqualTo(8);
  }

  @Test
  void afterTooManyFailuresInARowNothingIsDispatched() {
    QueueFixture queue = busy(PATIENT);

    openByFailures(queue);
    for (int i = 4; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }
    queue.pass(Duration.ofSeconds(29));

    assertThat(queue.status().running()).isZero();
    assertThat(queue.circuit().state()).isEqualTo(Circuit.State.OPEN);
    assertThat(QueueFixture.queueSteps(queue.history))
        .containsExactly(TaskEventType.CIRCUIT_OPENED);
  }

  @Test
  void thenOneRunTriesAndItsSuccessClosesTheCircuit() {
    QueueFixture queue = busy(PATIENT);
    openByFailures(queue);
    for (int i = 4; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }

    List<String> probes = QueueFixture.dispatched(queue.pass(Duration.ofSeconds(31)));
    queue.pass(Duration.ofSeconds(5));
    int whileProbing = queue.status().running();
    queue.complete(probes.getFirst(), queue.task(probes.getFirst()).attempt());

    assertThat(probes).hasSize(1);
    assertThat(whileProbing).isEqualTo(1);
    assertThat(queue.status().running()).isEqualTo(8);
    assertThat(QueueFixture.queueSteps(queue.history))
        .containsExactly(
            TaskEventType.CIRCUIT_OPENED,
            TaskEventType.CIRCUIT_HALF_OPENED,
            TaskEventType.CIRCUIT_CLOSED);
  }

  @Test
  void aProbeThatFailsKeepsItOpenForTwiceAsLong() {
    QueueFixture queue = busy(PATIENT);
    openByFailures(queue);
    for (int i = 4; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }
    String probe = QueueFixture.dispatched(queue.pass(Duration.ofSeconds(31))).getFirst();

    queue.start(probe, queue.task(probe).attempt());
    blame(queue, probe, null);

    assertThat(queue.circuit().until()).isEqualTo(queue.now().plusSeconds(60));
    assertThat(QueueFixture.dispatched(queue.pass(Duration.ofSeconds(59)))).isEmpty();
    assertThat(QueueFixture.dispatched(queue.pass(Duration.ofSeconds(2)))).hasSize(1);
  }

  @Test
  void aProbeThatSaysNothingAboutTheProviderMakesWayForAnother() {
    QueueFixture queue = busy(PATIENT);
    openByFailures(queue);
    for (int i = 4; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }
    String probe = QueueFixture.dispatched(queue.pass(Duration.ofSeconds(31))).getFirst();

    List<QueueEffect> effects =
        queue.finish(probe, queue.task(probe).attempt(), new RunResult.Killed("killed"));

    assertThat(QueueFixture.dispatched(effects)).hasSize(1);
    assertThat(queue.circuit().state()).isEqualTo(Circuit.State.HALF_OPEN);
  }

  @Test
  void aQueueThatTurnsToAnotherProviderLeavesNoProbeBehind() {
    QueueFixture queue = busy(PATIENT);
    openByFailures(queue);
    for (int i = 4; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }
    String probe = QueueFixture.dispatched(queue.pass(Duration.ofSeconds(31))).getFirst();

    List<String> others =
        QueueFixture.dispatched(
            queue.startBy(new Provider("openai"), probe, queue.task(probe).attempt()));
    queue.complete(probe, queue.task(probe).attempt());
    queue.start(others.get(0), queue.task(others.get(0)).attempt());
    List<QueueEffect> back = queue.complete(others.get(1), queue.task(others.get(1)).attempt());

    assertThat(queue.circuit().state()).isEqualTo(Circuit.State.HALF_OPEN);
    assertThat(QueueFixture.dispatched(back)).hasSize(1);
  }

  @Test
  void aProviderThatAsksToWaitIsNotAskedBefore() {
    QueueFixture queue = busy(PATIENT);

    blame(queue, "task-0", Duration.ofMinutes(7));
    for (int i = 1; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }

    assertThat(QueueFixture.dispatched(queue.pass(Duration.ofSeconds(419)))).isEmpty();
    assertThat(QueueFixture.dispatched(queue.pass(Duration.ofSeconds(2)))).hasSize(1);
  }

  @Test
  void anOpenCircuitOutlivesARestart() {
    QueueFixture queue = busy(PATIENT);
    blame(queue, "task-0", Duration.ofMinutes(7));
    for (int i = 1; i < 8; i++) {
      queue.complete("task-" + i, 1);
    }

    queue.restart();

    assertThat(QueueFixture.dispatched(queue.pass(Duration.ofMinutes(6)))).isEmpty();
    assertThat(queue.circuit().state()).isEqualTo(Circuit.State.OPEN);
  }

  @Test
  void whatTheTaskIsToBlameForDoesNotCount() {
    QueueFixture queue = busy(PATIENT);

    for (int i = 0; i < 8; i++) {
      queue.finish("task-" + i, 1, new RunResult.Failed("command_failed", true, null, false));
    }

    assertThat(queue.circuit()).isEqualTo(Circuit.NEW);
  }

  @Test
  void whatAnotherPartOfTheRouterSawCountsHereAsWell() {
    QueueFixture queue = busy(PATIENT);

    queue.apply(
        new QueueEvent.CircuitChanged(
            QueueFixture.PROVIDER,
            Circuit.open(0, queue.now().plusSeconds(100), "429", queue.now().plusSeconds(1))));
    queue.complete("task-0", 1);

    assertThat(queue.status().running()).isEqualTo(7);
    assertThat(QueueFixture.queueSteps(queue.history)).isEmpty();
  }

  @Test
  void meanwhileTheFallbackAgentGetsTheTasksOnceAndInTheirOrder() {
    QueueFixture queue = new QueueFixture(PATIENT, true, "chatgpt");
    fill(queue);

    blame(queue, "task-0", Duration.ofMinutes(7));
    queue.complete("task-1", 1);

    List<String> moved =
        queue.history.stream()
            .filter(QueueEffect.Move.class::isInstance)
            .map(effect -> ((QueueEffect.Move) effect).task().id().value())
            .toList();
    assertThat(moved).startsWith("task-8", "task-9");
    assertThat(queue.task("task-8").stage().status()).isEqualTo(TaskStatus.QUEUED);
    assertThat(QueueFixture.steps(queue.history)).contains("task-8 MOVED");
  }

  @Test
  void aTaskThatComesFromAnotherAgentGoesOnWithItsRunsAndIsNotMovedAgain() {
    QueueFixture queue = new QueueFixture(PATIENT, true, "chatgpt");
    queue.request("first");
    queue.start("first", 1);
    blame(queue, "first", Duration.ofMinutes(7));

    queue.requestMoved("moved", 2);
    queue.pass(Duration.ofMinutes(8));

    assertThat(queue.task("moved").stage()).isInstanceOf(Stage.Running.class);
    assertThat(queue.task("moved").attempt()).isEqualTo(3);
    assertThat(QueueFixture.steps(queue.history)).doesNotContain("moved CREATED", "moved MOVED");
  }

  private static QueueFixture busy(Map<String, String> settings) {
    QueueFixture queue = new QueueFixture(settings);
    fill(queue);
    return queue;
  }

  private static void fill(QueueFixture queue) {
    for (int i = 0; i < 40; i++) {
      queue.request("task-" + i);
    }
    for (int i = 0; i < 8; i++) {
      queue.start("task-" + i, 1);
    }
  }

  private static void openByFailures(QueueFixture queue) {
    for (int i = 0; i < 4; i++) {
      blame(queue, "task-" + i, null);
    }
  }

  private static void blame(QueueFixture queue, String task, @Nullable Duration retryAfter) {
    queue.finish(
        task,
        queue.task(task).attempt(),
        new RunResult.Failed("provider_overloaded", true, retryAfter, true));
  }
}
