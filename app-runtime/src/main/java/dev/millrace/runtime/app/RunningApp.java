package dev.millrace.runtime.app;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.health.Readiness;
import dev.millrace.runtime.health.ReadinessMonitor;
import dev.millrace.runtime.management.ManagementConfig;
import dev.millrace.runtime.management.ManagementServer;
import dev.millrace.runtime.management.Metrics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An app in this process: its management endpoints answer at once, its components start in order on
 * a thread of its own, and {@link #stop} stops them in reverse.
 */
public final class RunningApp implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunningApp.class);

  /** How long a start that was interrupted may take to give up. */
  private static final Duration START_INTERRUPT_TIMEOUT = Duration.ofSeconds(15);

  private final String name;
  private final Readiness readiness;
  private final ReadinessMonitor monitor;
  private final Metrics metrics;
  private final ManagementServer management;
  private final List<Component> components;
  private final Deque<AutoCloseable> resources;
  private final Deque<Component> started = new ConcurrentLinkedDeque<>();
  private final CompletableFuture<Instant> ready = new CompletableFuture<>();
  private final Thread starter;
  private volatile boolean stopping;
  private boolean stopped;

  private RunningApp(App app, Environment environment) {
    this.name = app.name();
    this.readiness = new Readiness();
    ManagementConfig managementConfig = ManagementConfig.from(environment);
    this.metrics = new Metrics(name);
    AppContext context = new AppContext(name, environment, metrics.registry(), readiness);
    this.resources = context.resources();
    try {
      app.wire(context);
    } catch (RuntimeException e) {
      closeResources();
      throw e;
    }
    this.components = context.components();
    readiness.add("started", this::checkStarted);
    this.monitor = new ReadinessMonitor(name, readiness);
    this.management = new ManagementServer(name, managementConfig, monitor, metrics);
    this.starter = Thread.ofPlatform().name(name + "-start").daemon().unstarted(this::startAll);
  }

  /**
   * Wires an app and starts it; returns when its management endpoints answer, which may be long
   * before it is ready.
   *
   * @throws ConfigurationException if its configuration is wrong, or the management port is taken
   */
  public static RunningApp start(App app, Environment environment) {
    RunningApp running = new RunningApp(app, environment);
    try {
      running.management.start();
    } catch (RuntimeException e) {
      running.closeResources();
      throw new ConfigurationException(
          "MANAGEMENT_PORT",
          "%s could not listen at %s: %s"
              .formatted(running.name, running.management.address(), Causes.rootMessage(e)));
    }
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
        if (stopping) {
          throw new InterruptedException("stopped");
        }
        started.push(component);
        component.start();
      }
      ready.complete(Instant.now());
      log.atInfo().addKeyValue("app", name).log("started");
    } catch (InterruptedException | RuntimeException | Error e) {
      if (stopping) {
        ready.completeExceptionally(
            new IllegalStateException(name + " was stopped while starting"));
        return;
      }
      log.atError().addKeyValue("app", name).setCause(e).log("could not start");
      ready.completeExceptionally(e);
    }
  }

  /**
   * Stops taking work, finishes what is in flight, and stops the components in reverse order. A
   * start that is under way is interrupted. Returns when all is stopped, also when called again.
   */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    stopping = true;
    monitor.stop();
    interruptStart();
    for (Component part = started.pollFirst(); part != null; part = started.pollFirst()) {
      stopOne(part.getClass(), part::stop);
    }
    management.stop();
    closeResources();
    log.atInfo().addKeyValue("app", name).log("stopped");
  }

  private void interruptStart() {
    starter.interrupt();
    try {
      if (!starter.join(START_INTERRUPT_TIMEOUT)) {
        log.atWarn().addKeyValue("app", name).log("stopping although the start goes on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeResources() {
    for (AutoCloseable part = resources.pollFirst(); part != null; part = resources.pollFirst()) {
      stopOne(part.getClass(), part::close);
    }
    metrics.close();
  }

  /** How a part is stopped. */
  @FunctionalInterface
  private interface Stop {
    void run() throws Exception;
  }

  /** What does not stop cleanly must not keep the others from it. */
  private void stopOne(Class<?> part, Stop stop) {
    try {
      stop.run();
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      log.atWarn()
          .addKeyValue("app", name)
          .addKeyValue("part", part.getSimpleName())
          .setCause(e)
          .log("did not stop cleanly");
    }
  }

  @Override
  public void close() {
    stop();
  }
}
