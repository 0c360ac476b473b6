package dev.millrace.benchmarks.latency;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench dispatch}. */
@Command(
    name = "dispatch",
    mixinStandardHelpOptions = true,
    description = {
      "From POST /api/orchestrator to the start of the agent at 100 tasks a second. Goals:",
      "dispatch_p50_ms under 25, dispatch_p99_ms under 80."
    })
public final class DispatchBenchmark implements Callable<Integer> {

  private static final int RATE = 100;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws InterruptedException {
    return StartLatency.measure("dispatch", RATE, Duration.ofSeconds(seconds));
  }
}
