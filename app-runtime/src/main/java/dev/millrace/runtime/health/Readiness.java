package dev.millrace.runtime.health;

import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The checks of one app: it is ready when all of them find what they look for. */
public final class Readiness {

  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Map<String, HealthCheck> checks = new ConcurrentSkipListMap<>();

  /** Adds a check under the name of what it looks for, for example {@code kafka}. */
  public void add(String name, HealthCheck check) {
    checks.put(name, check);
  }

  public void remove(String name) {
    checks.remove(name);
  }

  /** Runs all checks at once and returns what each found, by name. */
  public Map<String, Health> check() {
    Map<String, Future<Health>> running = new LinkedHashMap<>();
    Map<String, Health> found = new LinkedHashMap<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      checks.forEach((name, check) -> running.put(name, executor.submit(check::check)));
      running.forEach((name, future) -> found.put(name, await(future)));
      executor.shutdownNow();
    }
    return found;
  }

  private static Health await(Future<Health> future) {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Health.down("no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Health.down("the check failed: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.down("the check was interrupted");
    }
  }
}
