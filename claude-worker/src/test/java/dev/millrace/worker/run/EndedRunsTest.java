package dev.millrace.worker.run;

import static dev.millrace.worker.run.RunFixture.DONE;
import static dev.millrace.worker.run.RunFixture.assignment;
import static dev.millrace.worker.run.RunFixture.delivery;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.worker.agent.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Runs that are ended before their agent ends them. */
class EndedRunsTest {

  private final RunFixture runs = new RunFixture();

  @Test
  void aRunThatTakesTooLongIsInterruptedAndTimesOut() throws InterruptedException {
    AtomicBoolean interrupted = new AtomicBoolean();

    runs.execute(
        (run, reporter) -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.set(true);
            reporter.log("too late");
            throw e;
          }
          return DONE;
        },
        delivery(assignment().build()),
        Duration.ofMillis(50));

    assertThat(interrupted).isTrue();
    assertThat(runs.broker.last().getOutcome()).isEqualTo(RunOutcome.TIMED_OUT);
    assertThat(runs.broker.last().getError().getCode()).isEqualTo("timed_out");
    assertThat(runs.broker.last().getError().getRetryable()).isTrue();
  }

  @Test
  void aRunThatItsDeadlineEndsSaysSo() throws InterruptedException {
    runs.execute(
        (run, reporter) -> {
          new CountDownLatch(1).await();
          return DONE;
        },
        delivery(assignment().setDeadline(Instant.now().plusMillis(200)).build()),
        Duration.ofMinutes(1));

    assertThat(runs.broker.last().getOutcome()).isEqualTo(RunOutcome.TIMED_OUT);
    assertThat(runs.broker.last().getError().getCode()).isEqualTo("deadline_passed");
  }

  @Test
  void aRunWhoseDeadlineHasPassedDoesNotBegin() throws InterruptedException {
    AtomicBoolean ran = new AtomicBoolean();

    runs.execute(
        (run, reporter) -> {
          ran.set(true);
          return DONE;
        },
        delivery(assignment().setDeadline(Instant.now().minusSeconds(1)).build()),
        Duration.ofMinutes(1));

    assertThat(ran).isFalse();
    assertThat(runs.broker.last().getOutcome()).isEqualTo(RunOutcome.TIMED_OUT);
    assertThat(runs.broker.last().getError().getRetryable()).isFalse();
  }

  @Test
  void aLongRunSaysThatItIsAliveUntilItIsKilled() {
    runs.heartbeatInterval = Duration.ofMillis(20);
    CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    Thread thread =
        Thread.startVirtualThread(() -> {
          try {
            runs.execute((run, reporter) -> {
              new CountDownLatch(1).await();
              return DONE;
            });
            ended.complete(null);
          } catch (InterruptedException e) {
            ended.completeExceptionally(e);
          }
        });
    await().until(() -> runs.broker.types().contains(AgentEventType.HEARTBEAT));

    runs.activeRuns.kill(new RunId("run-1"), "not wanted any more");

    await().until(ended::isDone);
    assertThat(ended).isCompleted();
    assertThat(thread).isNotNull();
    assertThat(runs.broker.last().getOutcome()).isEqualTo(RunOutcome.KILLED);
    assertThat(runs.broker.last().getError().getMessage()).contains("not wanted any more");
  }

  @Test
  void aRunThatWasKilledBeforeItCameDoesNotBegin() throws InterruptedException {
    runs.activeRuns.kill(new RunId("run-1"), "early");
    AtomicBoolean ran = new AtomicBoolean();

    runs.execute((run, reporter) -> {
      ran.set(true);
      return DONE;
    });

    assertThat(ran).isFalse();
    assertThat(runs.broker.types())
        .containsExactly(AgentEventType.STARTED, AgentEventType.FINISHED);
    assertThat(runs.broker.last().getOutcome()).isEqualTo(RunOutcome.KILLED);
  }
}
