package dev.millrace.standalone;

import dev.millrace.standalone.command.SameJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
   * @return whether all of them did what they are for
   */
  static boolean write(Path cache, Path data) throws InterruptedException {
    List<String> command =
        SameJvm.command(
            option -> !option.startsWith(CACHE_OUTPUT),
            List.of("-XX:+UseSerialGC", CACHE_OUTPUT + cache),
            List.of("warm-up", "--commands", data.toString()));
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException("no second JVM can be started", e);
    }
  }

  /**
   * Runs them in this JVM.
   *
   * @return the highest of their exit codes
   */
  static int run(Path data) {
    return Stream.of(
            List.of("status"),
            List.of("topics"),
            List.of("tail", "task.events", "--from-beginning", "--max", "1"),
            List.of("psql", "-c", "SELECT count(*) FROM ai_tasks"),
            List.of("token", "--user", "rehearsal"))
        .map(words -> Stream.concat(words.stream(), Stream.of("--data", data.toString())))
        .mapToInt(words -> Main.commandLine().execute(words.toArray(String[]::new)))
        .max()
        .orElseThrow();
  }
}
