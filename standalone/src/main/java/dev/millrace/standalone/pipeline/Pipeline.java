package dev.millrace.standalone.pipeline;

import dev.millrace.gateway.IngestGatewayApp;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.RunningApp;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.EmbeddedStack;
import dev.millrace.standalone.embedded.Ports;
import dev.millrace.standalone.embedded.StackException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The whole pipeline in this process: the embedded stack and every app. */
public final class Pipeline implements AutoCloseable {

  private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(25);
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(2);

  private final EmbeddedStack stack;
  private final Environment environment;
  private final Map<String, RunningApp> apps = new LinkedHashMap<>();
  private final Map<String, App> instances = new TreeMap<>();

  private Pipeline(EmbeddedStack stack, Environment environment) {
    this.stack = stack;
    this.environment = environment;
  }

  /**
   * Starts everything and returns when every app is ready.
   *
   * @param progress told in a sentence what takes its time
   * @throws StackException if a part cannot be started; what was started is stopped again
   * @throws ConfigurationException if a variable is wrong, mostly before anything is started
   */
  public static Pipeline start(
      DataDirectory data,
      Distribution distribution,
      PipelineOptions options,
      Consumer<String> progress)
      throws InterruptedException {
    Configurations.check(PipelineEnvironment.withoutStack(data, options), options.apps());
    progress.accept("starting broker, schema registry and PostgreSQL");
    EmbeddedStack stack = EmbeddedStack.start(data, distribution, Ports.ALL_CHOSEN, progress);
    return start(data, stack, options, progress);
  }

  /** Starts every app on a stack that is running; the pipeline owns the stack from then on. */
  public static Pipeline start(
      DataDirectory data, EmbeddedStack stack, PipelineOptions options, Consumer<String> progress)
      throws InterruptedException {
    Pipeline pipeline = new Pipeline(stack, PipelineEnvironment.of(data, stack, options));
    try {
      progress.accept("starting the apps");
      Provisioning.ensure(
          pipeline.environment, Topics.all(RoutingTable.from(pipeline.environment).agents()));
      options.apps().forEach(pipeline::startApp);
      pipeline.awaitReady(progress);
      return pipeline;
    } catch (RuntimeException | InterruptedException e) {
      // Whoever breaks off a start does not break off the stop.
      boolean _ = Thread.interrupted();
      pipeline.close();
      throw e;
    }
  }

  /** Starts one app that was stopped; its management endpoints answer when this returns. */
  public RunningApp startApp(String name) {
    return launch(Apps.named(name));
  }

  /** Stops one app and leaves the others running. */
  public void stopApp(String name) {
    app(name).stop();
    apps.remove(name);
  }

  private RunningApp launch(App app) {
    RunningApp running = RunningApp.start(app, environment);
    instances.put(app.name(), app);
    apps.put(app.name(), running);
    return running;
  }

  /** The app of this name, which is running. */
  public RunningApp app(String name) {
    RunningApp app = apps.get(name);
    if (app == null) {
      throw new IllegalArgumentException("the app " + name + " is not running");
    }
    return app;
  }

  /** The running apps, by name, in the order of the way of an event. */
  public Map<String, RunningApp> apps() {
    return Map.copyOf(apps);
  }

  public EmbeddedStack stack() {
    return stack;
  }

  /** What the apps are configured with. */
  public Environment environment() {
    return environment;
  }

  /** Address of the gateway. */
  public URI gateway() {
    if (instances.get("ingest-gateway") instanceof IngestGatewayApp gateway) {
      return gateway.uri();
    }
    throw new IllegalStateException("the gateway is not running");
  }

  /** Waits until every running app is ready. */
  public void awaitReady(Consumer<String> progress) throws InterruptedException {
    Instant deadline = Instant.now().plus(READY_TIMEOUT);
    Instant nextProgress = Instant.now().plus(PROGRESS_INTERVAL);
    while (true) {
      Map<String, String> waiting = notReady();
      if (waiting.isEmpty()) {
        return;
      }
      Instant now = Instant.now();
      if (now.isAfter(deadline)) {
        throw new StackException("not ready after " + READY_TIMEOUT.toSeconds() + " s: " + waiting);
      }
      if (now.isAfter(nextProgress)) {
        progress.accept("waiting for " + String.join(", ", waiting.keySet()));
        nextProgress = now.plus(PROGRESS_INTERVAL);
      }
      Thread.sleep(POLL_INTERVAL);
    }
  }

  /** The apps that are not ready, with the reason. All are asked at once, as one may take long. */
  public Map<String, String> notReady() {
    Map<String, CompletableFuture<String>> asked = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      apps.forEach((name, app) -> {
        if (app.ready().isCompletedExceptionally()) {
          throw new StackException(
              name + " cannot start: " + Causes.rootMessage(app.ready().exceptionNow()));
        }
        asked.put(name, CompletableFuture.supplyAsync(() -> missing(app), threads));
      });
    }
    Map<String, String> reasons = new TreeMap<>();
    asked.forEach((name, missing) -> {
      if (!missing.join().isEmpty()) {
        reasons.put(name, missing.join());
      }
    });
    return reasons;
  }

  private static String missing(RunningApp app) {
    return app.readiness().check().entrySet().stream()
        .filter(check -> check.getValue() instanceof Health.Down)
        .map(Object::toString)
        .collect(Collectors.joining("; "));
  }

  /** Stops the apps, all at once, then the stack. */
  @Override
  public void close() {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> stopping =
          List.copyOf(apps.values()).stream()
              .<Future<?>>map(app -> threads.submit(app::stop))
              .toList();
      stopping.forEach(Pipeline::await);
    } finally {
      stack.close();
    }
  }

  private static void await(Future<?> stopped) {
    try {
      stopped.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new CompletionException(Causes.unwrap(e));
    }
  }
}
