package dev.millrace.standalone.command;

import java.util.List;

/** Commands in processes of their own, as a person runs them. */
public final class CommandProcess {

  private CommandProcess() {}

  /**
   * Prepares {@code millrace} with these arguments; what it prints is its standard output,
   * whichever it is for.
   */
  public static ProcessBuilder of(String... arguments) {
    return new ProcessBuilder(
            SameJvm.command(
                option -> false,
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                List.of(arguments)))
        .redirectErrorStream(true);
  }
}
