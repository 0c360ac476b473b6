package dev.millrace.standalone;

import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.embedded.EmbeddedStack;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.Pipeline;
import dev.millrace.standalone.pipeline.PipelineOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code millrace warm-up}: starts everything once and stops it, for the JVM to record what a start
 * loads. The build runs it.
 */
@Command(
    name = "warm-up",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Start everything once and stop it, to record the caches of fast starts.")
final class WarmUpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "An empty folder for the data.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private Path folder;

  @Override
  public Integer call() throws InterruptedException {
    Logs.writeTo(folder);
    var options = new PipelineOptions(PipelineOptions.LOOPBACK, 0, Map.of());
    try (DataDirectory data = DataDirectory.open(folder)) {
      EmbeddedStack stack = EmbeddedStack.startRecording(data, Distribution.ofThisJvm());
      try (Pipeline pipeline = Pipeline.start(data, stack, options, sentence -> {})) {
        System.out.println("started " + pipeline.gateway());
      }
    }
    return 0;
  }
}
