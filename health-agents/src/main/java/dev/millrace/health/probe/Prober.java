package dev.millrace.health.probe;

import dev.millrace.health.project.Project;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.PublishException;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.schemas.health.HealthProbe;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every project again and again, each on a virtual thread of its own, so that a slow one
 * delays no other. Starts and intervals vary a little, so that the looks do not fall together.
 */
public final class Prober implements Component {

  private static final Logger log = LoggerFactory.getLogger(Prober.class);

  /** Share of the interval by which one look may come earlier or later. */
  private static final double JITTER = 0.1;

  private final String app;
  private final ProbeConfig config;
  private final Probes probes;
  private final HttpClient http;
  private final HttpProbe probe;
  private final List<Thread> threads = new ArrayList<>();

  /** Where probes go. */
  @FunctionalInterface
  public interface Probes {
    /** Writes a probe and waits until it is acknowledged. */
    void write(HealthProbe probe, EventContext context) throws InterruptedException;
  }

  public Prober(String app, ProbeConfig config, Probes probes) {
    this.app = app;
    this.config = config;
    this.probes = probes;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.timeout())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    this.probe = new HttpProbe(http, config.timeout());
  }

  @Override
  public synchronized void start() {
    for (Project project : config.projects()) {
      threads.add(
          Thread.ofVirtual().name(app + "-probe-" + project.name()).start(() -> watch(project)));
    }
  }

  /** Whether every project is watched. */
  public synchronized Health check() {
    long dead = threads.stream().filter(thread -> !thread.isAlive()).count();
    return dead == 0 ? Health.UP : Health.down(dead + " projects are not watched any more");
  }

  @Override
  public synchronized void stop() {
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }

  private void watch(Project project) {
    try {
      Thread.sleep(part(config.interval(), ThreadLocalRandom.current().nextDouble()));
      while (!Thread.currentThread().isInterrupted()) {
        long start = System.nanoTime();
        lookOnce(project);
        Duration spent = Duration.ofNanos(System.nanoTime() - start);
        Duration pause = nextInterval().minus(spent);
        Thread.sleep(pause.isNegative() ? Duration.ZERO : pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookOnce(Project project) throws InterruptedException {
    HealthProbe seen = probe.look(project);
    try {
      probes.write(seen, EventContext.start(app, TraceContext.start()));
    } catch (PublishException e) {
      log.atWarn()
          .addKeyValue("project", project.name())
          .addKeyValue("reason", e.getMessage())
          .log("a probe was not written; the next one follows");
    }
  }

  private Duration nextInterval() {
    return part(config.interval(), 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1));
  }

  private static Duration part(Duration duration, double share) {
    return Duration.ofNanos((long) (duration.toNanos() * share));
  }
}
