package dev.millrace.benchmarks.tasks;

import dev.millrace.benchmarks.BenchPipeline;
import dev.millrace.benchmarks.Figure;
import dev.millrace.benchmarks.follow.TopicFollower;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench backlog}. */
@Command(
    name = "backlog",
    mixinStandardHelpOptions = true,
    description = {
      "What a large backlog costs: the time from the end of a run to the start of the next, with",
      "many tasks waiting against next to none; and from the start of a stopped router to the",
      "first run. Router and worker run, on the real broker. Goals: backlog_latency_ratio under",
      "1.5, backlog_restart_seconds under 20."
    })
public final class BacklogBenchmark implements Callable<Integer> {

  private static final String QUEUE = "chatgpt";
  private static final String TASK_TYPE = "summary";
  private static final String ROUTER = "task-router";

  /** Runs that are measured, one after the other; so many before them are not. */
  private static final int MEASURED = 500;

  private static final int WARM_UP = 300;
  private static final Duration ROUND_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration RESTART_TIMEOUT = Duration.ofMinutes(2);
  private static final int ON_THE_WAY = 5_000;

  @Option(
      names = "--tasks",
      defaultValue = "1000000",
      description = "Tasks that wait (default: ${DEFAULT-VALUE}).")
  private int waiting;

  @Option(
      names = "--fill-minutes",
      defaultValue = "15",
      description = "Longest time for filling the queue (default: ${DEFAULT-VALUE}).")
  private int fillMinutes;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment =
        Map.of(
            "QUEUE_CAPACITY", "10000000",
            "WORKER_AGENTS", QUEUE,
            "WORKER_SLOTS", "2");
    List<String> apps = List.of(ROUTER, "claude-worker");
    try (BenchPipeline bench = BenchPipeline.start(apps, environment)) {
      Environment all = bench.pipeline().environment();
      KafkaClients kafka = TopicFollower.clients(all);
      EventPublisher publisher = new EventPublisher(kafka, Duration.ofMinutes(2));
      publisher.start();
      try (QueueWatch watch = new QueueWatch(all, QUEUE)) {
        measure(bench, publisher, watch);
      } finally {
        publisher.stop();
        kafka.close();
      }
    }
    return 0;
  }

  private void measure(BenchPipeline bench, EventPublisher publisher, QueueWatch watch)
      throws InterruptedException {
    double small = nextRunMs(publisher, watch, WARM_UP + MEASURED);
    System.err.printf("bench: next to nothing waits: the next run starts after %.1f ms%n", small);
    System.err.printf("bench: used heap %d MB%n", usedHeapMb());
    command(publisher, TaskAction.PAUSE);
    Instant begin = Instant.now();
    fill(publisher, waiting);
    watch.await(
        "a queue of " + waiting + " tasks",
        () -> watch.backlog() >= waiting,
        Duration.ofMinutes(fillMinutes));
    System.err.printf(
        "bench: %d tasks wait, after %d s; used heap %d MB%n",
        watch.backlog(), Duration.between(begin, Instant.now()).toSeconds(), usedHeapMb());
    double large = nextRunMs(publisher, watch, 0);
    System.err.printf("bench: with all of them: the next run starts after %.1f ms%n", large);
    double restart = restartSeconds(bench, watch);
    new Figure("backlog_latency_ratio", large / small, "x").print();
    new Figure("backlog_restart_seconds", restart, "s").print();
  }

  /** Median time from the start of one run to that of the next, when one runs at a time. */
  private static double nextRunMs(EventPublisher publisher, QueueWatch watch, int more)
      throws InterruptedException {
    command(publisher, TaskAction.PAUSE);
    fill(publisher, more);
    watch.await("waiting tasks", () -> watch.backlog() >= more, ROUND_TIMEOUT);
    int first = watch.starts() + WARM_UP;
    command(publisher, TaskAction.RESUME);
    watch.await("runs", () -> watch.starts() >= first + MEASURED, ROUND_TIMEOUT);
    Histogram gaps = new Histogram(60_000, 3);
    // Ten runs at a time: a single gap is too short for a clock of milliseconds.
    for (int run = first + 10; run < first + MEASURED; run += 10) {
      gaps.recordValue(Math.max(0, watch.startMs(run) - watch.startMs(run - 10)));
    }
    return gaps.getValueAtPercentile(50) / 10.0;
  }

  private static double restartSeconds(BenchPipeline bench, QueueWatch watch)
      throws InterruptedException {
    bench.pipeline().stopApp(ROUTER);
    int before = watch.starts();
    long begin = System.nanoTime();
    bench.pipeline().startApp(ROUTER);
    // What was assigned before the stop may start meanwhile: one runs, one was handed over.
    watch.await("a run", () -> watch.starts() > before + 1, RESTART_TIMEOUT);
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void fill(EventPublisher publisher, int count) {
    List<CompletableFuture<?>> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EventId id = EventId.random();
      TaskRequest request =
          TaskRequest.newBuilder()
              .setTaskId(id.value())
              .setTaskType(TASK_TYPE)
              .setDescription("nothing, for the benchmark")
              .setPriority(Priority.MEDIUM)
              .setAgent(QUEUE)
              .setAttributes(Map.of("noop", "true"))
              .build();
      written.add(publisher.publish(Topics.TASK_REQUESTS, id.value(), request, context(id)));
      if (written.size() == ON_THE_WAY) {
        written.forEach(CompletableFuture::join);
        written.clear();
      }
    }
    written.forEach(CompletableFuture::join);
  }

  private static void command(EventPublisher publisher, TaskAction action)
      throws InterruptedException {
    EventId id = EventId.random();
    TaskCommand command =
        TaskCommand.newBuilder().setCommandId(id.value()).setQueue(QUEUE).setAction(action).build();
    publisher.publishAndWait(Topics.TASK_COMMANDS, QUEUE, command, context(id));
  }

  private static EventContext context(EventId id) {
    return new EventContext(id, "bench", Instant.now(), TraceContext.of(id), null);
  }

  private static long usedHeapMb() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
