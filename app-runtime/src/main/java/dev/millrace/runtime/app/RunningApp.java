package dev.millrace.runtime.app;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.health.Readiness;
import dev.millrace.runtime.health.ReadinessMonitor;
import dev.millrace.runtime.management.ManagementConfig;
import dev.millrace.runtime.management.ManagementServer;
import dev.millrace.runtime.management.Metrics;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An app in this process: its management endpoints answer at once, its components start in order on
 * a thread of its own, and {@link #stop} stops them in reverse.
 */
public final class RunningApp implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunningApp.class);

  private final String name;
  private final Readiness readiness;
  private final ReadinessMonitor monitor;
  private final Metrics metrics;
  private final ManagementServer management;
  private final List<Component> components;
  private final Deque<Component> started = new ArrayDeque<>();
  private final CompletableFuture<Instant> ready = new CompletableFuture<>();
  private final Thread starter;

  private RunningApp(App app, Environment environment) {
    this.name = app.name();
    this.readiness = new Readiness();
    this.metrics = new Metrics(name);
    AppContext context = new AppContext(name, environment, metrics.registry(), readiness);
    app.wire(context);
    this.components = context.components();
    readiness.add("started", this::checkStarted);
    this.monitor = new ReadinessMonitor(name, readiness);
    this.management =
        new ManagementServer(name, ManagementConfig.from(environment), monitor, metrics);
    this.starter = Thread.ofPlatform().name(name + "-start").daemon().unstarted(this::startAll);
  }

  /**
   * Wires an app and starts it; returns when its management endpoints answer, which may be long
   * before it is ready.
   *
   * @throws dev.millrace.runtime.config.ConfigurationException if its configuration is wrong
   */
  public static RunningApp start(App app, Environment environment) {
    RunningApp running = new RunningApp(app, environment);
    running.management.start();
    running.monitor.start();
    running.starter.start();
    return running;
  }

  public String name() {
    return name;
  }

  /** Address of its health and metrics endpoints. */
  public URI managementUri() {
    return management.uri();
  }

  /** Completes with the time when all components were started, or with why one could not be. */
  public CompletableFuture<Instant> ready() {
    return ready.copy();
  }

  /** What it needs, and whether it is there. */
  public Readiness readiness() {
    return readiness;
  }

  private Health checkStarted() {
    if (!ready.isDone()) {
      return Health.down("starting");
    }
    return ready.isCompletedExceptionally()
        ? Health.down("could not start: " + ready.exceptionNow().getMessage())
        : Health.UP;
  }

  private void startAll() {
    try {
      for (Component component : components) {
        synchronized (started) {
          started.push(component);
        }
        component.start();
      }
      ready.complete(Instant.now());
      log.atInfo().addKeyValue("app", name).log("started");
    } catch (InterruptedException e) {
      ready.completeExceptionally(new IllegalStateException(name + " was stopped while starting"));
    } catch (RuntimeException | Error e) {
      log.atError().addKeyValue("app", name).setCause(e).log("could not start");
      ready.completeExceptionally(e);
    }
  }

  /** Stops taking work, finishes what is in flight, and stops the components in reverse order. */
  public void stop() {
    monitor.stop();
    starter.interrupt();
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (started) {
      while (!started.isEmpty()) {
        stopOne(started.pop());
      }
    }
    management.stop();
    metrics.close();
    log.atInfo().addKeyValue("app", name).log("stopped");
  }

  private void stopOne(Component component) {
    try {
      component.stop();
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("app", name)
          .addKeyValue("component", component.getClass().getSimpleName())
          .setCause(e)
          .log("did not stop cleanly");
    }
  }

  @Override
  public void close() {
    stop();
  }
}
