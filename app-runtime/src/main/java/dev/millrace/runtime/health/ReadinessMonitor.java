package dev.millrace.runtime.health;

import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the readiness of an app again and again, logs when it changes, and remembers since when
 * it is as it is.
 */
public final class ReadinessMonitor {

  private static final Logger log = LoggerFactory.getLogger(ReadinessMonitor.class);
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final String app;
  private final Readiness readiness;
  private final Thread thread;
  private boolean wasReady;
  private volatile State state = new State(Map.of("started", "starting"), Instant.now());

  /** What is missing, with the reason, since when. */
  private record State(Map<String, String> missing, Instant since) {}

  public ReadinessMonitor(String app, Readiness readiness) {
    this.app = app;
    this.readiness = readiness;
    this.thread = Thread.ofVirtual().name(app + "-readiness").unstarted(this::watch);
  }

  public void start() {
    thread.start();
  }

  public void stop() {
    thread.interrupt();
  }

  /** Since when the app has been ready, or not. */
  public Instant since() {
    return state.since();
  }

  /** Runs the checks now. */
  public Map<String, Health> check() {
    Map<String, Health> found = readiness.check();
    if (Thread.currentThread().isInterrupted()) {
      return found;
    }
    Map<String, String> missing = new TreeMap<>();
    found.forEach((name, health) -> {
      if (health instanceof Health.Down(String reason)) {
        missing.put(name, reason);
      }
    });
    update(missing);
    return found;
  }

  private synchronized void update(Map<String, String> missing) {
    if (state.missing().isEmpty() == missing.isEmpty()) {
      if (!state.missing().keySet().equals(missing.keySet())) {
        log(missing);
      }
      state = new State(missing, state.since());
      return;
    }
    state = new State(missing, Instant.now());
    log(missing);
  }

  private void log(Map<String, String> missing) {
    if (missing.isEmpty()) {
      wasReady = true;
      log.atInfo().addKeyValue("app", app).log("ready");
    } else if (!wasReady) {
      log.atInfo().addKeyValue("app", app).addKeyValue("missing", missing).log("not ready yet");
    } else {
      log.atWarn().addKeyValue("app", app).addKeyValue("missing", missing).log("not ready");
    }
  }

  private void watch() {
    try {
      while (true) {
        check();
        Thread.sleep(INTERVAL);
      }
    } catch (InterruptedException e) {
      // The app stops.
    }
  }
}
