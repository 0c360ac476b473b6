package dev.millrace.benchmarks.learning;

import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.standalone.embedded.Credentials;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench learning}. */
@Command(
    name = "learning",
    mixinStandardHelpOptions = true,
    description = {
      "Learners at once: an intent, a plan whose four signals are asked for, a plan of fresh ones,",
      "a completion, a status. Goals: intent_sync_p95_ms under 500, day_run_p95_ms under 12,000,",
      "day_done_p95_ms under 200, status_p95_ms under 100."
    })
public final class LearningBenchmark implements Callable<Integer> {

  private static final List<String> APPS =
      List.of("ingest-gateway", "learning-planner", "audit-sink");
  private static final int WARM_UP_LEARNERS = 200;

  @Option(
      names = "--learners",
      defaultValue = "1000",
      description = "Learners (default: ${DEFAULT-VALUE}).")
  private int learners;

  @Option(
      names = "--at-once",
      defaultValue = "16",
      description = "Learners at the same time (default: ${DEFAULT-VALUE}).")
  private int atOnce;

  @Option(
      names = "--agent-ms",
      defaultValue = "50",
      description = "How long an agent takes to answer (default: ${DEFAULT-VALUE}).")
  private int agentMs;

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    try (SlowAgents agents = new SlowAgents(Duration.ofMillis(agentMs));
        BenchPipeline bench = BenchPipeline.start(APPS, environment(agents))) {
      Learners course =
          new Learners(bench.pipeline().gateway(), bench.credential(Credentials.JWT_SECRET));
      System.err.println("bench: warming up");
      course.run("warm-up", WARM_UP_LEARNERS, atOnce);
      System.err.printf("bench: %d learners, %d at once%n", learners, atOnce);
      Learners.Waits waits = course.run("learner", learners, atOnce);
      System.err.printf("bench: %d of %d plans degraded%n", waits.degraded().get(), 2 * learners);
      print("intent_sync", waits.intent());
      print("day_run", waits.plan());
      print("day_run_cached", waits.cachedPlan());
      print("day_done", waits.completion());
      print("status", waits.status());
      return 0;
    }
  }

  private static Map<String, String> environment(SlowAgents agents) {
    Map<String, String> environment = new HashMap<>(agents.environment());
    environment.put("RATE_LIMIT_LEARNER_PER_SECOND", "1000000");
    return environment;
  }

  private static void print(String name, Histogram micros) {
    new Figure(name + "_p50_ms", micros.getValueAtPercentile(50) / 1_000.0, "ms").print();
    new Figure(name + "_p95_ms", micros.getValueAtPercentile(95) / 1_000.0, "ms").print();
  }
}
