package dev.millrace.standalone.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the data directory, shared by the commands. */
final class DataOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".millrace",
      description = "Where the data are (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  Path path;
}
