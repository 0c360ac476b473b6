package dev.millrace.standalone.command;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Command lines of JVMs that are like this one. */
public final class SameJvm {

  private SameJvm() {}

  /**
   * Runs {@code millrace} with this JVM's program, options and class path.
   *
   * @param kept which of the options
   * @param more options besides, which win
   * @param arguments of {@code millrace}
   */
  public static List<String> command(
      Predicate<String> kept, List<String> more, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(kept)
        .forEach(command::add);
    command.addAll(more);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.millrace.standalone.Main");
    command.addAll(arguments);
    return List.copyOf(command);
  }
}
