package dev.millrace.benchmarks.audit;

import dev.millrace.benchmarks.startup.ResidentMemory;
import dev.millrace.runtime.config.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The sink as a site runs it: a process of its own, whose memory is watched. */
final class BenchSink implements AutoCloseable {

  private final BenchProcess process;
  private final AtomicLong mostMegabytes = new AtomicLong();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();

  private BenchSink(BenchProcess process) {
    this.process = process;
    var _ = watch.scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
  }

  private void look() {
    mostMegabytes.accumulateAndGet(ResidentMemory.megabytes(process.handle()), Math::max);
  }

  /**
   * Starts it.
   *
   * @param folder where its files and its log are
   * @param jvmOptions options of its JVM besides its memory
   */
  static BenchSink start(Environment pipeline, Path folder, List<String> jvmOptions)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-Xmx256m"));
    arguments.addAll(jvmOptions);
    arguments.addAll(
        List.of("-cp", System.getProperty("java.class.path"), "dev.millrace.audit.Main"));
    Map<String, String> environment = new HashMap<>(pipeline.asMap());
    environment.put("MANAGEMENT_PORT", "0");
    environment.put("AUDIT_TOPICS", "bench\\..*");
    environment.put("AUDIT_DIRECTORY", folder.resolve("sink").toString());
    return new BenchSink(BenchProcess.start(arguments, environment, folder.resolve("sink.log")));
  }

  /** The most memory it had so far. */
  long mostMegabytes() {
    return mostMegabytes.get();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    process.close();
  }
}
