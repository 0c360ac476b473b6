package dev.millrace.benchmarks.learning;

import dev.millrace.client.Learning;
import dev.millrace.client.MillraceClient;
import dev.millrace.standalone.command.TokenCommand;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Learners who go from an intent to a status, each one once. */
final class Learners {

  private static final long MAX_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;
  private static final Learning.NewIntent INTENT =
      new Learning.NewIntent("Machine Learning", "informed", "Build models", 60, "Europe/Berlin");

  private final URI gateway;
  private final String jwtSecret;

  Learners(URI gateway, String jwtSecret) {
    this.gateway = gateway;
    this.jwtSecret = jwtSecret;
  }

  /** How long they waited, in microseconds, and how many plans were degraded. */
  record Waits(
      Histogram intent,
      Histogram plan,
      Histogram cachedPlan,
      Histogram completion,
      Histogram status,
      AtomicInteger degraded) {

    private static Waits none() {
      return new Waits(
          histogram(), histogram(), histogram(), histogram(), histogram(), new AtomicInteger());
    }

    private static Histogram histogram() {
      return new ConcurrentHistogram(MAX_MICROS, 3);
    }
  }

  /** Lets so many learners learn, no more than some at once. */
  Waits run(String name, int number, int atOnce) throws InterruptedException, ExecutionException {
    Waits waits = Waits.none();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
      List<Future<?>> learning = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        String user = name + "-" + i;
        learning.add(threads.submit(() -> learn(user, waits)));
      }
      for (Future<?> one : learning) {
        one.get();
      }
    }
    return waits;
  }

  private void learn(String user, Waits waits) {
    String token = TokenCommand.sign(user, Duration.ofHours(1), jwtSecret);
    Learning learning = MillraceClient.at(gateway).token(token).build().learning();
    timed(waits.intent(), () -> learning.createIntent(INTENT));
    plan(waits, timed(waits.plan(), () -> learning.generateDayPlan(1, 1)));
    Learning.Plan plan =
        plan(waits, timed(waits.cachedPlan(), () -> learning.generateDayPlan(1, 2)));
    timed(waits.completion(), () -> learning.completeDay(plan.sessionId(), 45, 7, null));
    timed(waits.status(), learning::getStatus);
  }

  private static Learning.Plan plan(Waits waits, Learning.Plan plan) {
    if (plan.degradedMode()) {
      waits.degraded().incrementAndGet();
    }
    return plan;
  }

  private static <T> T timed(Histogram micros, Supplier<T> call) {
    long start = System.nanoTime();
    T answer = call.get();
    micros.recordValue(Math.min(MAX_MICROS, (System.nanoTime() - start) / 1_000));
    return answer;
  }
}
