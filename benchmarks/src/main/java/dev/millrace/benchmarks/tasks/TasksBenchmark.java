package dev.millrace.benchmarks.tasks;

import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.benchmarks.follow.TopicFollower;
import dev.millrace.benchmarks.load.HttpLoad;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.pipeline.Apps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench tasks}. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    description = {
      "Tasks a second from POST /api/orchestrator to COMPLETED on task.events, through the whole",
      "pipeline, with an agent that does nothing and max_concurrent 64. As many are asked for as",
      "are completed: the backlog is flat. Then the same on a bare queue of Kafka's own clients with",
      "the same guarantees. Goal: tasks_per_second 1500."
    })
public final class TasksBenchmark implements Callable<Integer> {

  /** The compiler is done after two minutes; what is measured is what lasts. */
  private static final Duration WARM_UP = Duration.ofMinutes(2);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final String BODY =
      """
      {"taskType":"documentation","priority":"medium",\
      "payload":{"description":"nothing, for the benchmark"},"attributes":{"noop":"true"}}\
      """;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--open",
      defaultValue = "512",
      description = "Tasks on their way at once, waiting or running (default: ${DEFAULT-VALUE}).")
  private int open;

  @Option(
      names = "--slots",
      defaultValue = "32",
      description = "Slots of the worker (default: ${DEFAULT-VALUE}).")
  private int slots;

  @Option(
      names = "--connections",
      defaultValue = "16",
      description = "Connections of the load (default: ${DEFAULT-VALUE}).")
  private int connections;

  private record Measured(double perSecond, long refused) {}

  @Override
  public Integer call() throws InterruptedException {
    Measured measured = pipeline();
    double bare = bare();
    new Figure("tasks_bare_per_second", bare, "tasks/s").print();
    new Figure("tasks_ratio", measured.perSecond() / bare, "ratio").print();
    new Figure("tasks_per_second", measured.perSecond(), "tasks/s").print();
    return measured.refused() == 0 ? 0 : 1;
  }

  private Measured pipeline() throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "QUEUE_SETTINGS", "claude.max_concurrent=64",
            "WORKER_SLOTS", Integer.toString(slots),
            "RATE_LIMIT_PER_SECOND", "1000000",
            "RATE_LIMIT_BURST", "1000000");
    OpenTasks tasks = new OpenTasks(open, TIMEOUT);
    try (BenchPipeline bench = BenchPipeline.start(Apps.names(), environment);
        TopicFollower _ =
            TopicFollower.follow(bench.pipeline().environment(), Topics.TASK_EVENTS, tasks::saw);
        Rate _ = Rate.show("tasks", tasks::completed)) {
      byte[] request = request(bench);
      int port = bench.pipeline().gateway().getPort();
      HttpLoad.RequestSource source =
          () -> {
            tasks.awaitRoom();
            return request;
          };
      System.err.printf("bench: warming up for %d s%n", WARM_UP.toSeconds());
      HttpLoad.run(port, connections, WARM_UP, source);
      long before = tasks.completed();
      int openBefore = tasks.open();
      System.err.printf("bench: measuring for %d s%n", seconds);
      HttpLoad.Result result = HttpLoad.run(port, connections, Duration.ofSeconds(seconds), source);
      long completed = tasks.completed() - before;
      System.err.printf(
          "bench: %d tasks completed, %d accepted, %d refused; open before %d, after %d%n",
          completed, result.answered(), result.refused(), openBefore, tasks.open());
      return new Measured((double) completed / seconds, result.refused());
    }
  }

  private double bare() throws InterruptedException {
    OpenTasks tasks = new OpenTasks(open, TIMEOUT);
    try (BenchPipeline bench = BenchPipeline.start(List.of(), Map.of());
        BareQueue queue = BareQueue.start(bench.pipeline().environment(), slots, tasks);
        Rate _ = Rate.show("tasks", tasks::completed)) {
      System.err.printf("bench: warming up the bare queue for %d s%n", WARM_UP.toSeconds());
      Thread.sleep(WARM_UP);
      long before = tasks.completed();
      System.err.printf("bench: measuring the bare queue for %d s%n", seconds);
      Thread.sleep(Duration.ofSeconds(seconds));
      queue.requireSound();
      return (double) (tasks.completed() - before) / seconds;
    }
  }

  private static byte[] request(BenchPipeline bench) {
    return """
    POST /api/orchestrator HTTP/1.1\r
    Host: localhost\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(bench.credential(Credentials.API_KEY), BODY.length(), BODY)
        .getBytes(StandardCharsets.UTF_8);
  }
}
