package dev.millrace.router.queue;

import static dev.millrace.router.queue.QueueFixture.dispatched;
import static dev.millrace.router.queue.QueueFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskAction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands to single tasks; those to a queue are in {@link QueueCommandsTest}. */
class TaskCommandsTest {

  private final QueueFixture queue = new QueueFixture(Map.of());

  @Test
  void aHeldTaskLetsOthersPassAndKeepsItsPlace() {
    queue.request("running");
    queue.request("held");
    queue.request("other");
    List<QueueEffect> held = queue.command(queue.command(TaskAction.PAUSE).setTaskId("held"));
    queue.request("last");
    queue.complete("running", 1);
    queue.command(queue.command(TaskAction.RESUME).setTaskId("held"));

    List<QueueEffect> effects = queue.complete("other", 1);

    assertThat(steps(held)).containsExactly("held PAUSED");
    assertThat(dispatched(effects)).containsExactly("held");
  }

  @Test
  void aWaitingTaskIsCancelledAtOnce() {
    queue.request("running");
    queue.request("waiting");

    List<QueueEffect> effects =
        queue.command(queue.command(TaskAction.CANCEL).setTaskId("waiting"));

    assertThat(steps(effects)).containsExactly("waiting CANCELLED");
    assertThat(dispatched(queue.complete("running", 1))).isEmpty();
  }

  @Test
  void aRunningTaskIsCancelledWhenItsRunHasEnded() {
    queue.request("a");
    queue.start("a", 1);
    queue.request("b");

    List<QueueEffect> told = queue.command(queue.command(TaskAction.CANCEL).setTaskId("a"));
    List<QueueEffect> ended = queue.finish("a", 1, new RunResult.Killed("killed"));

    assertThat(told).anyMatch(QueueEffect.Kill.class::isInstance);
    assertThat(dispatched(told)).isEmpty();
    assertThat(steps(ended)).containsExactly("a CANCELLED", "b DISPATCHED");
  }

  @Test
  void aRunThatStartsAfterItsTaskWasCancelledIsToldAgain() {
    queue.request("a");
    queue.command(queue.command(TaskAction.CANCEL).setTaskId("a"));

    List<QueueEffect> effects = queue.start("a", 1);

    assertThat(effects).anyMatch(QueueEffect.Kill.class::isInstance);
  }

  @Test
  void aFailedTaskIsRetriedOnCommandWithANewRun() {
    queue.request("a");
    queue.finish("a", 1, new RunResult.Failed("bad_request", false, null, false));
    queue.command(queue.command(TaskAction.RESUME));

    List<QueueEffect> effects = queue.command(queue.command(TaskAction.RETRY).setTaskId("a"));

    assertThat(steps(effects)).containsExactly("a QUEUED", "a DISPATCHED");
    assertThat(queue.task("a").attempt()).isEqualTo(2);
  }

  @Test
  void aCancelThatComesAfterTheEndChangesNothingAndIsNoFailure() {
    queue.request("a");
    queue.complete("a", 1);

    assertThat(queue.command(queue.command(TaskAction.CANCEL).setTaskId("a"))).isEmpty();
    assertThat(queue.task("a").stage()).isInstanceOf(Stage.Finished.class);
  }

  @Test
  void aCompletedTaskIsNotRetried() {
    queue.request("a");
    queue.complete("a", 1);

    List<QueueEffect> effects = queue.command(queue.command(TaskAction.RETRY).setTaskId("a"));

    assertThat(effects).hasSize(1).allMatch(QueueEffect.Refuse.class::isInstance);
  }

  @Test
  void aClearedTaskIsNotRetried() {
    queue.request("a");
    queue.finish("a", 1, new RunResult.Killed("killed"));
    queue.command(queue.command(TaskAction.CLEAR));

    List<QueueEffect> effects = queue.command(queue.command(TaskAction.RETRY).setTaskId("a"));

    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(
            QueueEffect.Refuse.class, refused -> assertThat(refused.reason()).contains("cleared"));
  }

  @Test
  void aTaskIsMovedToAnotherPosition() {
    queue.request("running");
    for (String task : List.of("a", "b", "c", "d")) {
      queue.request(task);
    }
    queue.request("urgent", Priority.CRITICAL);

    queue.command(queue.command(TaskAction.REORDER).setTaskId("d").setPosition(1));
    queue.command(queue.command(TaskAction.REORDER).setTaskId("a").setPosition(99));
    queue.complete("running", 1);
    for (String task : List.of("urgent", "d", "b", "c")) {
      queue.complete(task, 1);
    }

    assertThat(dispatched(queue.history)).containsExactly("running", "urgent", "d", "b", "c", "a");
  }

  @Test
  void aTaskMovedToThePlaceOfOneThatRunsAndComesBackIsNotLost() {
    queue.command(
        queue.command(TaskAction.CHANGE_SETTINGS).setSettings(Map.of("max_concurrent", "2")));
    for (String task : List.of("first", "retried", "returning", "next", "moved")) {
      queue.request(task);
    }
    queue.fail("retried", 1);
    queue.pass(Duration.ofSeconds(10));
    assertThat(queue.task("returning").stage()).isInstanceOf(Stage.Running.class);

    queue.command(queue.command(TaskAction.REORDER).setTaskId("moved").setPosition(1));
    assertThat(queue.task("moved").place().sequence())
        .as("moved right to the place that the running task has left")
        .isEqualTo(queue.task("returning").place().sequence());
    queue.fail("returning", 1);
    queue.pass(Duration.ofSeconds(10));
    for (String task : List.of("first", "retried", "returning", "moved", "next")) {
      queue.complete(task, queue.task(task).attempt());
      queue.pass(Duration.ofSeconds(10));
    }
    for (String task : List.of("returning", "moved", "next")) {
      queue.complete(task, queue.task(task).attempt());
    }

    assertThat(queue.status().backlog()).isZero();
    assertThat(queue.status().running()).isZero();
  }

  @Test
  void aMediumTaskMovedBeforeACriticalOneOvertakesIt() {
    queue.request("running");
    queue.request("critical", Priority.CRITICAL);
    queue.request("medium");

    queue.command(queue.command(TaskAction.REORDER).setTaskId("medium").setPosition(0));

    assertThat(dispatched(queue.complete("running", 1))).containsExactly("medium");
  }

  @Test
  void aCommandForATaskThatNobodyKnowsIsRefusedUnlessItWentToEveryQueue() {
    List<QueueEffect> named = queue.command(queue.command(TaskAction.CANCEL).setTaskId("nobody"));
    List<QueueEffect> every =
        queue.command(queue.command(TaskAction.CANCEL).setQueue("*").setTaskId("nobody"));

    assertThat(named).hasSize(1).allMatch(QueueEffect.Refuse.class::isInstance);
    assertThat(every).isEmpty();
  }
}
