package dev.millrace.benchmarks;

import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import dev.millrace.standalone.logs.Logs;
import dev.millrace.standalone.pipeline.Pipeline;
import dev.millrace.standalone.pipeline.PipelineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A pipeline on data of its own, for one benchmark; erased afterwards. */
public final class BenchPipeline implements AutoCloseable {

  private final Path folder;
  private final DataDirectory data;
  private final Pipeline pipeline;
  private boolean closed;

  private BenchPipeline(Path folder, DataDirectory data, Pipeline pipeline) {
    this.folder = folder;
    this.data = data;
    this.pipeline = pipeline;
  }

  /**
   * Starts these apps on fresh data.
   *
   * @param environment variables for the apps
   */
  public static BenchPipeline start(List<String> apps, Map<String, String> environment)
      throws InterruptedException {
    Path folder = temporaryFolder();
    Logs.writeTo(folder);
    DataDirectory data = DataDirectory.open(folder);
    try {
      Pipeline pipeline =
          Pipeline.start(
              data,
              Distribution.ofThisJvm(),
              new PipelineOptions(PipelineOptions.LOOPBACK, 0, environment, apps),
              progress -> System.err.println("bench: " + progress));
      BenchPipeline bench = new BenchPipeline(folder, data, pipeline);
      // A benchmark that is ended before its time leaves no gigabytes behind.
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(bench::close));
      return bench;
    } catch (RuntimeException | InterruptedException e) {
      data.close();
      DataDirectory.delete(folder);
      throw e;
    }
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("millrace-bench-");
    } catch (IOException e) {
      throw new IllegalStateException("no temporary folder can be made: " + e, e);
    }
  }

  public Pipeline pipeline() {
    return pipeline;
  }

  /** Where its data are, until it is closed. */
  public Path folder() {
    return folder;
  }

  /** A secret of this pipeline. */
  public String credential(String name) {
    return data.credentials().get(name);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      pipeline.close();
      data.close();
      DataDirectory.delete(folder);
    }
  }
}
