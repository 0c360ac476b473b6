package dev.millrace.standalone.demo;

import dev.millrace.client.MillraceException;
import dev.millrace.runtime.failure.FileFailures;
import dev.millrace.standalone.command.Shutdown;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.Pipeline;
import dev.millrace.standalone.pipeline.PipelineOptions;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace demo}: the main job, on real components and real input, checked. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Run the main job on fresh data and check every step.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:every check held", "1:a check did not hold"},
    footer = {
      "",
      "Without ANTHROPIC_API_KEY the offline agent answers, and says so. With --keep the pipeline",
      "stays up afterwards for a look around; give the other commands the same --data."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final String DEFAULT_FOLDER = ".millrace/demo";

  /** In a demo's folder: the service that it repairs. */
  private static final String SERVICE = "service";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = DEFAULT_FOLDER,
      description = "Where the data are; emptied first (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path folder;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the gateway (default: a free one).")
  private int port;

  @Option(names = "--keep", description = "Stay running afterwards, until Ctrl-C.")
  private boolean keep;

  private final Report report = new Report(System.out);

  @Override
  public Integer call() throws Exception {
    Instant start = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    requireOwnFolder();
    Logs.writeTo(folder);
    report.line("The main job of Millrace, on real components and real input.");
    // Every run begins with nothing, so that what it finds is what it did.
    DataDirectory.erase(folder);
    Shutdown shutdown = Shutdown.awaited();
    try (DataDirectory data = DataDirectory.open(folder);
        DemoServiceProcess service = DemoServiceProcess.start(folder.resolve(SERVICE))) {
      int failures = shutdown.unlessAsked(() -> runOn(data, service, start));
      return failures == 0 ? 0 : 1;
    } catch (InterruptedException e) {
      report.line("Stopped.");
      return 1;
    } finally {
      shutdown.done();
    }
  }

  /** Other data than those of an earlier demo are not erased. */
  private void requireOwnFolder() {
    if (folder.equals(Path.of(DEFAULT_FOLDER)) || !Files.exists(folder)) {
      return;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (entries.findAny().isPresent() && !Files.exists(folder.resolve(SERVICE))) {
        throw new StackException(
            "%s is not empty and not a demo's: the demo erases its folder, so give it another one"
                .formatted(folder));
      }
    } catch (IOException e) {
      throw new StackException(
          "%s cannot be read: %s".formatted(folder, FileFailures.reason(e)), e);
    }
  }

  private int runOn(DataDirectory data, DemoServiceProcess service, Instant start)
      throws IOException, InterruptedException {
    Path source = sourceRepository();
    Path scratch = scratchRepository(source);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PROJECTS", DemoServiceProcess.PROJECT + ":" + service.url() + "/health");
    environment.put("HEALTH_CHECK_INTERVAL", "1s");
    // The repair is checked, so it must not depend on what a model thinks of it.
    environment.put("HEALTH_ANALYZER", "rules");
    environment.put("REMEDIATION_HOOKS", service.hooks());
    environment.put(
        "LOCAL_REPOSITORIES",
        "%s=%s,%s=%s"
            .formatted(
                DemoContext.SOURCE_REPOSITORY, source, DemoContext.SCRATCH_REPOSITORY, scratch));
    PipelineOptions options = new PipelineOptions(PipelineOptions.LOOPBACK, port, environment);
    try (Pipeline pipeline =
        Pipeline.start(data, Distribution.ofThisJvm(), options, this::progress)) {
      PipelineState.of(pipeline).write(folder);
      report.line(
          "Everything is up after %.1f s; the gateway is %s"
              .formatted(seconds(start), pipeline.gateway()));
      int failures = run(DemoContext.of(pipeline, data.credentials(), source, scratch, service));
      report.line(
          "%n%s in %.1f s. Commands above need --data %s; secrets are in %s"
              .formatted(
                  failures == 0 ? "Every check held" : failures + " steps FAILED",
                  seconds(start),
                  folder,
                  folder.resolve("credentials.env")));
      if (keep) {
        report.line("Staying up at %s until Ctrl-C.".formatted(pipeline.gateway()));
        Thread.currentThread().join();
      }
      return failures;
    } finally {
      PipelineState.remove(folder);
    }
  }

  private int run(DemoContext demo) throws InterruptedException {
    List<Step> steps =
        List.of(
            new PushStep(demo),
            new SearchStep(demo),
            new TaskStep(demo),
            new LearningStep(demo),
            new RepairStep(demo),
            new AuditStep(demo));
    int failures = 0;
    for (int i = 0; i < steps.size(); i++) {
      report.headline(i + 1, steps.size(), steps.get(i).title());
      try {
        steps.get(i).run(report);
      } catch (StepFailedException | MillraceException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("stopped in the middle of a step");
        }
        report.failed(String.valueOf(e.getMessage()));
        failures++;
      }
    }
    return failures;
  }

  /** The repository this build was made from. */
  private Path sourceRepository() throws InterruptedException {
    Path root = Distribution.ofThisJvm().root().resolve("../../..").normalize();
    if (!new GitCheckout(root).isRepository()) {
      throw new StackException(
          root
              + " is not a git repository: the demo indexes this project from its own history, so"
              + " clone it with git");
    }
    return root;
  }

  /** A bare clone of this repository, so that the agent has something to read. */
  private Path scratchRepository(Path source) throws InterruptedException {
    Path scratch = folder.resolve("scratch.git").toAbsolutePath();
    new GitCheckout(source)
        .git("clone", "--quiet", "--bare", source.toString(), scratch.toString());
    new GitCheckout(scratch).git("update-ref", "refs/heads/main", "HEAD");
    return scratch;
  }

  private void progress(String sentence) {
    report.line("      " + sentence + " ...");
  }

  private static double seconds(Instant start) {
    return Duration.between(start, Instant.now()).toMillis() / 1000.0;
  }
}
