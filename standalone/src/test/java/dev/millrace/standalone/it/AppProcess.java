package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.util.stream.Collectors.joining;

import dev.millrace.runtime.app.App;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An app in a process of its own, so that it can be killed as machines kill: without a warning.
 * Where nothing is killed, {@link AppBeside} starts sooner.
 */
final class AppProcess implements AutoCloseable {

  /**
   * The classes that apps load, which an app that is asked to end leaves for those that start
   * later: a third of the time of a start.
   */
  private static final Path CLASSES = Path.of("target", "app-processes.jsa");

  /** An archive of classes is for jars alone. */
  private static final String JARS =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(entry -> entry.endsWith(".jar"))
          .collect(joining(File.pathSeparator));

  private static final Duration END = Duration.ofSeconds(30);

  private final String mainClass;
  private final Map<String, String> environment;
  private final Path log;
  private final Runnable afterwards;
  private Process process;

  private AppProcess(
      String mainClass, Map<String, String> environment, Path log, Runnable afterwards) {
    this.mainClass = mainClass;
    this.environment = Map.copyOf(environment);
    this.log = log;
    this.afterwards = afterwards;
    this.process = launch();
  }

  /**
   * Starts an app, which works for the pipeline too.
   *
   * @param folder where its log is
   * @param overrides what it has in another way than the pipeline
   */
  static AppProcess start(Millrace millrace, App app, Path folder, Map<String, String> overrides) {
    return start(millrace, app, folder, overrides, () -> {});
  }

  /** The same, while the pipeline's own is stopped. */
  static AppProcess inPlaceOf(
      Millrace millrace, App app, Path folder, Map<String, String> overrides) {
    millrace.pipeline().stopApp(app.name());
    return start(
        millrace,
        app,
        folder,
        overrides,
        () -> {
          millrace.pipeline().startApp(app.name());
          eventually().until(() -> millrace.pipeline().notReady().isEmpty());
        });
  }

  private static AppProcess start(
      Millrace millrace, App app, Path folder, Map<String, String> overrides, Runnable afterwards) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(millrace.pipeline().environment().asMap());
    environment.put("MANAGEMENT_PORT", "0");
    environment.put("DATABASE_POOL_SIZE", "6");
    environment.put("KAFKA_SESSION_TIMEOUT", "3s");
    environment.putAll(overrides);
    String mainClass = app.getClass().getPackageName() + ".Main";
    return new AppProcess(mainClass, environment, newLog(folder, app), afterwards);
  }

  private static Path newLog(Path folder, App app) {
    try {
      return Files.createTempFile(folder, app.name(), ".log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch() {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-Xmx160m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:SharedArchiveFile=" + CLASSES,
                    "-Xlog:disable",
                    "-cp",
                    JARS,
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
    process.destroy();
    try {
      if (!process.waitFor(END)) {
        kill();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    afterwards.run();
  }
}
