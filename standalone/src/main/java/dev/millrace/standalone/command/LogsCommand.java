package dev.millrace.standalone.command;

import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace logs}: what the apps and components wrote. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Show the newest lines of the logs of everything, or of one app or component.")
public final class LogsCommand extends DataCommand {

  private static final String SUFFIX = ".log";

  @Parameters(
      arity = "0..1",
      paramLabel = "APP",
      description = "For example task-router, kafka, registry or postgres.")
  private @Nullable String app;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "100",
      description = "Lines of each log (default: ${DEFAULT-VALUE}).")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with lines as they are written, until Ctrl-C.")
  private boolean follow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tail", "-n", Integer.toString(lines)));
    if (follow) {
      command.add("-F");
    }
    files().forEach(file -> command.add(file.toString()));
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private List<Path> files() throws IOException {
    Path folder = data.path.resolve("logs");
    if (!Files.isDirectory(folder)) {
      throw new StackException("there are no logs in " + folder + "; start with ./millrace up");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> logs = entries.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      if (app == null) {
        return logs;
      }
      Path wanted = folder.resolve(app + SUFFIX);
      if (!logs.contains(wanted)) {
        throw new StackException(
            "there is no log of '%s'; there are: %s"
                .formatted(
                    app,
                    String.join(
                        ", ",
                        logs.stream()
                            .map(log -> log.getFileName().toString().replace(SUFFIX, ""))
                            .toList())));
      }
      return List.of(wanted);
    }
  }
}
