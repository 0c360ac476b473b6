package dev.millrace.standalone.command;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.config.ReplacedVariables;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.Apps;
import dev.millrace.standalone.pipeline.Pipeline;
import dev.millrace.standalone.pipeline.PipelineOptions;
import dev.millrace.standalone.pipeline.PipelineState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace up}: starts everything and stays until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = "Start everything and stay running until Ctrl-C or `millrace down`.",
    footer = {
      "",
      "The apps take their configuration from the environment; .env.example lists every variable.",
      "Secrets are made on the first start and kept in DIR/credentials.env."
    })
public final class UpCommand implements Callable<Integer> {

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Port of the gateway, 0 for a free one (default: GATEWAY_PORT, else PORT, else "
              + PipelineOptions.DEFAULT_PORT
              + ").")
  private @Nullable Integer port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Address the gateway listens at (default: GATEWAY_HOST, else "
              + PipelineOptions.LOOPBACK
              + ", which is this machine only).")
  private @Nullable String host;

  @Option(names = "--detach", description = "Return when everything is ready; runs on.")
  private boolean detach;

  @Option(
      names = "--without",
      paramLabel = "APP",
      description = "Leave an app out, for example to reset it; may be given again.")
  private List<String> without = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    requireApps();
    ListenAddress address = ListenAddress.of(host, port, Environment.system());
    if (detach) {
      return new DetachedUp(data.path, address, without).run();
    }
    Instant start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    Logs.writeTo(data.path);
    ReplacedVariables.found(Environment.system()).forEach(Console::say);
    Shutdown shutdown = Shutdown.awaited();
    try (DataDirectory directory = DataDirectory.open(data.path, System.getenv())) {
      address.requireUsable();
      try (Pipeline pipeline = shutdown.unlessAsked(() -> startPipeline(directory, address))) {
        PipelineState.of(pipeline).write(data.path);
        System.out.printf(
            "ready in %.1f s: %s%n",
            Duration.between(start, Instant.now()).toMillis() / 1000.0, pipeline.gateway());
        shutdown.await();
        Console.say("stopping");
      } finally {
        PipelineState.remove(data.path);
      }
    } catch (InterruptedException e) {
      Console.say("stopped before everything had started");
      return 1;
    } finally {
      shutdown.done();
    }
    return 0;
  }

  private void requireApps() {
    for (String app : without) {
      if (!Apps.names().contains(app) || app.equals("ingest-gateway")) {
        throw new StackException("--without: expected an app besides ingest-gateway, found " + app);
      }
    }
  }

  private Pipeline startPipeline(DataDirectory directory, ListenAddress address)
      throws InterruptedException {
    return Pipeline.start(
        directory,
        Distribution.ofThisJvm(),
        new PipelineOptions(
            address.host(),
            address.port(),
            System.getenv(),
            Apps.names().stream().filter(app -> !without.contains(app)).toList()),
        Console::say);
  }
}
