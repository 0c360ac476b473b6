package dev.millrace.benchmarks.startup;

import dev.millrace.benchmarks.Figure;
import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench startup}. */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    description = {
      "`./millrace up` on data that are there, from the command to its line `ready in`, and the",
      "resident memory of all its processes then. Goals: 12 s on 2 cores, under 2,500 MB."
    })
public final class StartupBenchmark implements Callable<Integer> {

  private static final int STOP_SECONDS = 90;

  @Option(
      names = "--runs",
      defaultValue = "3",
      description = "Warm starts; the median counts (default: ${DEFAULT-VALUE}).")
  private int runs;

  private record Run(double seconds, long residentMb) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("millrace-bench-");
    try {
      Run cold = up(data);
      System.err.printf("bench: first start %.1f s%n", cold.seconds());
      List<Run> warm = new ArrayList<>();
      for (int i = 1; i <= runs; i++) {
        Run run = up(data);
        warm.add(run);
        System.err.printf(
            "bench: warm start %d: %.1f s, %d MB%n", i, run.seconds(), run.residentMb());
      }
      List<Double> seconds = warm.stream().map(Run::seconds).sorted().toList();
      long mostMb = warm.stream().mapToLong(Run::residentMb).max().orElse(0);
      new Figure("resident_mb", mostMb, "MB").print();
      new Figure("startup_seconds", seconds.get(seconds.size() / 2), "s").print();
      return 0;
    } finally {
      DataDirectory.delete(data);
    }
  }

  /** Starts the pipeline, looks, and stops it. */
  private static Run up(Path data) throws IOException, InterruptedException {
    Path launcher = Distribution.ofThisJvm().root().resolve("../../../millrace").normalize();
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(launcher.toString(), "up", "--port", "0", "--data", data.toString())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ready in ")) {
          return new Run(
              (System.nanoTime() - start) / 1e9, ResidentMemory.megabytes(process.toHandle()));
        }
      }
      throw new IllegalStateException("./millrace up ended before it was ready");
    } finally {
      process.destroy();
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }
}
