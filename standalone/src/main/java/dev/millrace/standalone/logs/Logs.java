package dev.millrace.standalone.logs;

import dev.millrace.runtime.app.JulBridge;
import java.nio.file.Path;

/** Points the logs of this process to a data directory; called before anything logs. */
public final class Logs {

  /** System property that {@code logback-standalone.xml} reads. */
  private static final String FOLDER = "millrace.logs";

  private Logs() {}

  /** Sends everything that is logged from now on to the log files of a data directory. */
  public static void writeTo(Path dataDirectory) {
    System.setProperty(FOLDER, dataDirectory.resolve("logs").toString());
    JulBridge.install();
  }
}
