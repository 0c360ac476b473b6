package dev.millrace.benchmarks.latency;

import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.pipeline.Apps;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Measures how long it takes from a request to the start of its agent, at a steady rate. */
final class StartLatency {

  /** Long enough for the compiler: what came in before is done before the measurement begins. */
  private static final Duration WARM_UP = Duration.ofSeconds(90);

  private static final Duration SETTLE = Duration.ofSeconds(20);

  private StartLatency() {}

  /**
   * Runs it, and prints {@code <figures>_p50_ms} and {@code <figures>_p99_ms}.
   *
   * @param rate tasks a second
   * @return exit code of the benchmark: not 0 if a task did not start
   */
  static int measure(String figures, int rate, Duration duration) throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "QUEUE_SETTINGS", "claude.max_concurrent=64",
            "WORKER_SLOTS", "16",
            "RATE_LIMIT_PER_SECOND", "1000000",
            "RATE_LIMIT_BURST", "1000000");
    try (BenchPipeline bench = BenchPipeline.start(Apps.names(), environment);
        AgentStarts starts = AgentStarts.follow(bench.pipeline().environment())) {
      TaskLoad load =
          new TaskLoad(bench.pipeline().gateway(), bench.credential(Credentials.API_KEY));
      System.err.println("bench: warming up");
      starts.await(load.run(rate, WARM_UP).keySet(), SETTLE);
      System.err.printf("bench: %d tasks/s for %d s%n", rate, duration.toSeconds());
      Map<String, Long> sent = load.run(rate, duration);
      Map<String, Long> started = starts.await(sent.keySet(), SETTLE);
      print(figures, sent, started);
      return started.keySet().containsAll(sent.keySet()) ? 0 : 1;
    }
  }

  private static void print(String figures, Map<String, Long> sent, Map<String, Long> started) {
    Histogram latencies = new Histogram(60_000, 3);
    sent.forEach((task, sentMs) -> {
      Long startedMs = started.get(task);
      if (startedMs != null) {
        latencies.recordValue(Math.max(0, startedMs - sentMs));
      }
    });
    System.err.printf(
        "bench: %d tasks sent, %d started; max %d ms%n",
        sent.size(), latencies.getTotalCount(), latencies.getMaxValue());
    new Figure(figures + "_p50_ms", latencies.getValueAtPercentile(50), "ms").print();
    new Figure(figures + "_p99_ms", latencies.getValueAtPercentile(99), "ms").print();
  }
}
