package dev.millrace.benchmarks.latency;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench latency}. */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    description = {
      "From POST /api/orchestrator to the start of the agent, through the whole pipeline, at a",
      "steady rate. Goal: start_p99_ms under 150."
    })
public final class LatencyBenchmark implements Callable<Integer> {

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Tasks a second (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    return StartLatency.measure("start", rate, Duration.ofSeconds(seconds));
  }
}
