package dev.millrace.runtime.health;

import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The checks of one app: it is ready when all of them find what they look for. */
public final class Readiness {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Duration timeout;
  private final Map<String, HealthCheck> checks = new ConcurrentSkipListMap<>();

  public Readiness() {
    this(TIMEOUT);
  }

  Readiness(Duration timeout) {
    this.timeout = timeout;
  }

  /** Adds a check under the name of what it looks for, for example {@code kafka}. */
  public void add(String name, HealthCheck check) {
    checks.put(name, check);
  }

  /**
   * Runs all checks at once and returns what each found, by name. A check that takes too long is
   * interrupted and counts as down; it is not waited for any longer.
   */
  public Map<String, Health> check() {
    Map<String, FutureTask<Health>> running = new LinkedHashMap<>();
    checks.forEach((name, check) -> {
      FutureTask<Health> task = new FutureTask<>(check::check);
      running.put(name, task);
      Thread.ofVirtual().name("health-" + name).start(task);
    });
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<String, Health> found = new LinkedHashMap<>();
    running.forEach((name, task) -> found.put(name, await(task, deadline)));
    return found;
  }

  private Health await(FutureTask<Health> task, long deadline) {
    try {
      return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      return Health.down("no answer within " + Durations.text(timeout));
    } catch (ExecutionException e) {
      return Health.down("the check failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.down("the check was interrupted");
    }
  }
}
