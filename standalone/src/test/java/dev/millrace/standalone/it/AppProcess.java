package dev.millrace.standalone.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An app in a process of its own, so that it can be killed as machines kill: without a warning. */
final class AppProcess implements AutoCloseable {

  private final String mainClass;
  private final Map<String, String> environment;
  private final Path log;
  private Process process;

  private AppProcess(String mainClass, Map<String, String> environment, Path log) {
    this.mainClass = mainClass;
    this.environment = environment;
    this.log = log;
    this.process = launch();
  }

  /**
   * Starts an app.
   *
   * @param environment the whole environment of the process
   * @param log file that its output is added to
   */
  static AppProcess start(String mainClass, Map<String, String> environment, Path log) {
    return new AppProcess(mainClass, Map.copyOf(environment), log);
  }

  private Process launch() {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx160m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    mainClass))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it with SIGKILL and starts it again. */
  void killAndRestart() throws InterruptedException {
    kill();
    process = launch();
  }

  private void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** The end of what it printed, to see why it failed. */
  String printed() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
