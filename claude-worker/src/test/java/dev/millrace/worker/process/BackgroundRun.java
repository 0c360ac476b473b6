package dev.millrace.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.agent.AgentResult;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A run on a thread of its own, which can be ended as the executor ends runs. */
final class BackgroundRun {

  private final CompletableFuture<AgentResult> result = new CompletableFuture<>();
  private final Thread thread;

  BackgroundRun(Callable<AgentResult> run) {
    thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                result.complete(run.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
  }

  CompletableFuture<AgentResult> result() {
    return result;
  }

  /** Interrupts the run, as the executor does when it is killed or out of time. */
  void end(Duration patience) throws InterruptedException {
    thread.interrupt();
    assertThat(thread.join(patience)).isTrue();
    assertThat(result).isCompletedExceptionally();
  }
}
