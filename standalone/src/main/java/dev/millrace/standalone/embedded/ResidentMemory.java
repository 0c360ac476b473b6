package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Memory that processes hold, from Linux' {@code smaps_rollup}: the proportional set size, in which
 * a page that several processes share counts once. Summed plain resident sizes would count
 * PostgreSQL's shared buffers once per session.
 */
final class ResidentMemory {
  private ResidentMemory() {}

  /** The mebibytes of these processes together; one that has ended meanwhile counts nothing. */
  static long mebibytes(Stream<ProcessHandle> processes) {
    return processes.mapToLong(ResidentMemory::kibibytes).sum() / 1024;
  }

  private static long kibibytes(ProcessHandle process) {
    Path file = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | java.io.UncheckedIOException ended) {
      return 0;
    }
  }
}
