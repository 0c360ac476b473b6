package dev.millrace.benchmarks.startup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Memory of a process and its descendants, from {@code /proc}: the proportional set size, which
 * counts a page that several processes share once.
 */
public final class ResidentMemory {

  private ResidentMemory() {}

  /**
   * The mebibytes of a process and its descendants together; those that have ended count nothing.
   */
  public static long megabytes(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
            .mapToLong(ResidentMemory::kilobytes)
            .sum()
        / 1_024;
  }

  private static long kilobytes(ProcessHandle process) {
    Path file = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
