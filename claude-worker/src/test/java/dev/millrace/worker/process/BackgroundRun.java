package dev.millrace.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.worker.agent.AgentResult;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** A run on a thread of its own, which can be ended as the executor ends runs. */
final class BackgroundRun {

  private final FutureTask<AgentResult> result;
  private final Thread thread;

  BackgroundRun(Callable<AgentResult> run) {
    result = new FutureTask<>(run);
    thread = Thread.ofVirtual().start(result);
  }

  Future<AgentResult> result() {
    return result;
  }

  /** Interrupts the run, as the executor does when it is killed or out of time. */
  void end(Duration patience) throws InterruptedException {
    thread.interrupt();
    assertThat(thread.join(patience)).isTrue();
    assertThat(result.state()).isEqualTo(Future.State.FAILED);
  }
}
