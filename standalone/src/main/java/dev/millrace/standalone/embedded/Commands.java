package dev.millrace.standalone.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Short-lived programs of the machine, such as {@code initdb} and {@code psql}. */
final class Commands {
  private Commands() {}

  /**
   * How a program ended.
   *
   * @param exitCode 0 when it did what it was asked
   * @param output standard output and error together
   */
  record Result(int exitCode, String output) {
    boolean ok() {
      return exitCode == 0;
    }
  }

  static Result run(SystemUser user, Path folder, List<String> command) throws IOException {
    return run(user, folder, command, "");
  }

  /** Runs a program to its end, with a text on its standard input. */
  static Result run(SystemUser user, Path folder, List<String> command, String input)
      throws IOException {
    var all = new ArrayList<>(user.prefix());
    all.addAll(command);
    Process process =
        new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true).start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    } catch (IOException endedWithoutReading) {
      // Its exit code and output say why.
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      return new Result(process.waitFor(), output);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + command.getFirst(), e);
    }
  }
}
