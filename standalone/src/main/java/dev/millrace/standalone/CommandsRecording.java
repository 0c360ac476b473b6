package dev.millrace.standalone;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Records an ahead-of-time cache of the commands that look at a running pipeline. They end after a
 * second or two: to map the cache of the whole pipeline takes them longer than it saves.
 */
final class CommandsRecording {

  private static final String CACHE_OUTPUT = "-XX:AOTCacheOutput=";

  private CommandsRecording() {}

  /**
   * Runs the commands in a JVM of their own, which writes the cache when it ends.
   *
   * @param data data directory of the pipeline that is running
   */
  static void write(Path cache, Path data) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith(CACHE_OUTPUT))
        .forEach(command::add);
    command.add("-XX:+UseSerialGC");
    command.add(CACHE_OUTPUT + cache);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "warm-up", "--commands", data.toString()));
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new IllegalStateException("no second JVM can be started: " + e, e);
    }
  }

  /** Runs them in this JVM. */
  static void run(Path data) {
    Stream.of(
            List.of("status"),
            List.of("topics"),
            List.of("tail", "task.events", "--from-beginning", "--max", "1"),
            List.of("psql", "-c", "SELECT count(*) FROM ai_tasks"),
            List.of("token", "--user", "rehearsal"))
        .map(words -> Stream.concat(words.stream(), Stream.of("--data", data.toString())))
        .forEach(words -> Main.commandLine().execute(words.toArray(String[]::new)));
  }
}
