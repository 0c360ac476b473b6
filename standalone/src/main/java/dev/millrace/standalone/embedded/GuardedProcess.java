package dev.millrace.standalone.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process that never outlives this one. Its standard input is a pipe from this JVM with a
 * watcher at its end: when the pipe closes, because the child shall stop or because this JVM died
 * in whatever way, the watcher sends the child its stop signal. The child has a session of its own,
 * so that Ctrl-C at the terminal reaches only this JVM, which stops everything in order.
 */
final class GuardedProcess {
  /**
   * Runs as {@code sh -c GUARD sh SIGNAL COMMAND...}. The shell becomes the command, so the process
   * id is the command's; the watcher is started in a subshell that ends at once, so it is no child
   * of the command (PostgreSQL treats the unexpected death of a child as a crash).
   */
  private static final String GUARD =
      """
      signal=$1
      shift
      exec 3<&0 </dev/null
      ( { cat <&3; kill -s "$signal" $$; } >/dev/null 2>&1 & )
      exec 3<&-
      exec "$@"
      """;

  private final Process process;
  private final Path log;

  private GuardedProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * What to start, and how.
   *
   * @param command the program and its arguments
   * @param user who to run it as
   * @param environment replaces the variables of these names; all others are passed on
   * @param stopSignal name of the signal that ends it in good order, such as {@code TERM}
   * @param folder its working directory
   * @param log where its output is appended
   */
  record Launch(
      List<String> command,
      SystemUser user,
      Map<String, String> environment,
      String stopSignal,
      Path folder,
      Path log) {}

  static GuardedProcess start(Launch launch) throws IOException {
    var command = new ArrayList<>(List.of("setsid"));
    command.addAll(launch.user().prefix());
    command.addAll(List.of("/bin/sh", "-c", GUARD, "sh", launch.stopSignal()));
    command.addAll(launch.command());
    var builder =
        new ProcessBuilder(command)
            .directory(launch.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
    builder.environment().putAll(launch.environment());
    return new GuardedProcess(builder.start(), launch.log());
  }

  /**
   * Begins its log again when that is longer, and keeps what was in it as {@code NAME.log.1}. The
   * process goes on writing to the same file, at its new end.
   */
  void boundLog(long maxBytes) throws IOException {
    if (Files.size(log) <= maxBytes) {
      return;
    }
    Files.copy(
        log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  int exitCode() {
    return process.exitValue();
  }

  /** Asks it to end, waits that long, then ends it by force. */
  void stop(Duration timeout) {
    try {
      process.getOutputStream().close();
    } catch (IOException alreadyGone) {
      process.destroy();
    }
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
