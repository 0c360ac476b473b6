package dev.millrace.standalone.command;

import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace down}: stops what {@code up} started. */
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Stop what `millrace up` started; what is in flight is finished, data stay.")
public final class DownCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    // Nobody else is ended: the id of a process that is gone may be another's by now.
    ProcessHandle process =
        DataDirectory.holder(data.path).orElseThrow(() -> PipelineState.notRunning(data.path));
    Instant deadline = Instant.now().plus(TIMEOUT);
    process.destroy();
    while (Instant.now().isBefore(deadline)) {
      try {
        process.onExit().get(PROGRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        System.out.println("stopped");
        return 0;
      } catch (TimeoutException e) {
        Console.say("stopping (process " + process.pid() + ")");
      }
    }
    throw new StackException(
        "process %d did not stop within %d s".formatted(process.pid(), TIMEOUT.toSeconds()));
  }
}
