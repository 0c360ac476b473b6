package dev.millrace.embedding.isolation;

import java.nio.file.Path;
import java.util.List;

/**
 * How a parser process is started.
 *
 * @param arguments program and arguments
 */
public record ParserCommand(List<String> arguments) {

  public ParserCommand {
    arguments = List.copyOf(arguments);
  }

  /**
   * The JVM and the classes of this process.
   *
   * @param maxHeapBytes memory that a document may need
   */
  public static ParserCommand ofThisJvm(long maxHeapBytes) {
    return ofThisJvm(maxHeapBytes, ParserMain.class);
  }

  static ParserCommand ofThisJvm(long maxHeapBytes, Class<?> main) {
    return new ParserCommand(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + maxHeapBytes,
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
  }
}
