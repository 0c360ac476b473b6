package dev.millrace.router.queue;

import static dev.millrace.router.queue.QueueFixture.dispatched;
import static dev.millrace.router.queue.QueueFixture.steps;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.queue.QueueEvent.RunResult;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApprovalTest {

  private final QueueFixture queue = new QueueFixture(Map.of());

  @BeforeEach
  void aRunAsksWhetherItMayGoOn() {
    queue.request("costly");
    queue.request("other");
    queue.start("costly", 1);
  }

  private List<QueueEffect> ask() {
    return queue.finish("costly", 1, new RunResult.Asking("it spent 5 dollars of 5"));
  }

  @Test
  void aTaskThatAsksGivesItsSlotToTheNext() {
    List<QueueEffect> effects = ask();

    assertThat(steps(effects)).containsExactly("costly APPROVAL_REQUESTED", "other DISPATCHED");
    assertThat(queue.status().backlog()).isEqualTo(1);
  }

  @Test
  void anApprovedTaskRunsAgainAndItsRunKnows() {
    ask();
    queue.restart();
    List<QueueEffect> approved =
        queue.command(queue.command(TaskAction.APPROVE).setTaskId("costly"));

    List<QueueEffect> effects = queue.complete("other", 1);

    assertThat(steps(approved)).containsExactly("costly APPROVED");
    assertThat(dispatched(effects)).containsExactly("costly");
    assertThat(queue.task("costly").approvals()).isEqualTo(1);
  }

  @Test
  void withoutAnAnswerTheTaskFailsWithoutBeingTriedAgain() {
    ask();
    queue.complete("other", 1);

    List<QueueEffect> effects =
        queue.pass(QueueFixture.APPROVAL_TIMEOUT.plus(Duration.ofSeconds(1)));

    assertThat(steps(effects)).containsExactly("costly FAILED");
    assertThat(effects).anyMatch(QueueEffect.GiveUp.class::isInstance);
  }

  @Test
  void anApprovalThatNobodyGaveDoesNotStopTheQueue() {
    ask();
    queue.complete("other", 1);
    queue.pass(QueueFixture.APPROVAL_TIMEOUT.plus(Duration.ofSeconds(1)));

    List<QueueEffect> effects = queue.request("next");

    assertThat(dispatched(effects)).containsExactly("next");
  }

  @Test
  void anApprovalAnswersOneQuestionAndNotTheNext() {
    queue.complete("other", 1);
    ask();
    String asked = RunId.of(new TaskId("costly"), 1).value();
    queue.command(approval(asked));
    queue.start("costly", 2);
    queue.finish("costly", 2, new RunResult.Asking("it spent 10 dollars of 10"));

    List<QueueEffect> again = queue.command(approval(asked));

    assertThat(again).singleElement().isInstanceOf(QueueEffect.Refuse.class);
    assertThat(queue.task("costly").approvals()).isEqualTo(1);
  }

  private TaskCommand.Builder approval(String run) {
    return queue.command(TaskAction.APPROVE).setTaskId("costly").setRunId(run);
  }

  @Test
  void aTaskThatDoesNotAskCannotBeApproved() {
    List<QueueEffect> effects = queue.command(queue.command(TaskAction.APPROVE).setTaskId("other"));

    assertThat(effects).singleElement().isInstanceOf(QueueEffect.Refuse.class);
  }

  @Test
  void aTaskThatAsksCanBeCancelledInstead() {
    ask();

    List<QueueEffect> effects = queue.command(queue.command(TaskAction.CANCEL).setTaskId("costly"));

    assertThat(steps(effects)).containsExactly("costly CANCELLED");
  }
}
