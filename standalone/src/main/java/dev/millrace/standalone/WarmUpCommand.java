package dev.millrace.standalone;

import dev.millrace.runtime.config.Durations;
import dev.millrace.standalone.demo.Rehearsal;
import dev.millrace.standalone.demo.StepFailedException;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.EmbeddedStack;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.Pipeline;
import dev.millrace.standalone.pipeline.PipelineOptions;
import dev.millrace.standalone.pipeline.PipelineState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code millrace warm-up}: starts everything once, gives it work and stops it, for the JVM to
 * record what a start loads and what is hot afterwards. The build runs it.
 */
@Command(
    name = "warm-up",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Start everything once and let it work, to record the caches of fast starts.")
final class WarmUpCommand implements Callable<Integer> {

  private static final Duration REHEARSAL = Duration.ofSeconds(30);

  @Parameters(paramLabel = "FOLDER", description = "An empty folder for the data.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path folder;

  @Option(
      names = "--commands",
      description = "Only run the commands that look at the pipeline that runs on this folder.")
  private boolean commands;

  @Override
  public Integer call() throws InterruptedException {
    if (commands) {
      return CommandsRecording.run(folder);
    }
    recordPipeline();
    return 0;
  }

  private void recordPipeline() throws InterruptedException {
    Logs.writeTo(folder);
    Distribution distribution = Distribution.ofThisJvm();
    var options = new PipelineOptions(PipelineOptions.LOOPBACK, 0, Rehearsal.ENVIRONMENT);
    try (DataDirectory data = DataDirectory.open(folder)) {
      EmbeddedStack stack = EmbeddedStack.startRecording(data, distribution);
      try (Pipeline pipeline = Pipeline.start(data, stack, options, sentence -> {})) {
        say("everything has started and now works for " + Durations.text(REHEARSAL));
        rehearse(pipeline, data.credentials());
        say("recording the other commands");
        PipelineState.of(pipeline).write(folder);
        if (!CommandsRecording.write(distribution.commandsCacheFile(), folder)) {
          say("not all of them worked, so they may start slower");
        }
        say("stopping everything, and writing the caches");
      }
    }
  }

  /** What was recorded until a failure is worth keeping. */
  private static void rehearse(Pipeline pipeline, Credentials credentials)
      throws InterruptedException {
    try {
      Rehearsal.run(pipeline, credentials, REHEARSAL);
    } catch (StepFailedException e) {
      say(e.getMessage() + "; the caches hold what was done until then");
    }
  }

  /** The launcher shows these lines. */
  private static void say(String sentence) {
    System.out.println("warm-up: " + sentence);
  }
}
