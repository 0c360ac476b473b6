package dev.millrace.standalone.logs;

import dev.millrace.runtime.app.JulBridge;
import java.nio.file.Path;

/** Says where the logs of this process go; called before anything logs. */
public final class Logs {

  /** System property that {@code logback-standalone.xml} reads. */
  private static final String FOLDER = "millrace.logs";

  private static final String CONFIGURATION = "logback.configurationFile";

  private Logs() {}

  /**
   * Logs nothing: a command that looks tells its user what went wrong, and the log files belong to
   * the process that runs the pipeline.
   */
  public static void off() {
    System.setProperty(CONFIGURATION, "logback-off.xml");
    JulBridge.install();
  }

  /** Sends everything that is logged from now on to the log files of a data directory. */
  public static void writeTo(Path dataDirectory) {
    System.setProperty(FOLDER, dataDirectory.resolve("logs").toString());
    JulBridge.install();
  }
}
