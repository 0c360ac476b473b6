package dev.millrace.worker.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.config.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and removes the containers of runs. Each carries the folder of all workspaces as a label,
 * and is named after the workspace of its run.
 */
final class ContainerRuntime {

  private static final Logger log = LoggerFactory.getLogger(ContainerRuntime.class);

  private static final String LABEL = "dev.millrace.workspaces";
  private static final String PREFIX = "millrace-";

  /** How long the runtime may take for an answer: a run that is killed waits for it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ContainerConfig config;

  ContainerRuntime(ContainerConfig config) {
    this.config = config;
  }

  /** Name of the container of a run. */
  static String nameFor(Path workspace) {
    return PREFIX + workspace.getFileName();
  }

  /** Label of the containers of all runs with a workspace in this folder. */
  static String labelOf(Path workspaces) {
    return LABEL + "=" + workspaces;
  }

  /**
   * The workspaces of all containers that are there, running or not.
   *
   * @throws IOException if the runtime does not answer
   */
  List<Path> workspacesIn(Path workspaces) throws IOException {
    return ask("ps", "--all", "--filter", "label=" + labelOf(workspaces), "--format", "{{.Names}}")
        .lines()
        .map(String::strip)
        .filter(name -> name.startsWith(PREFIX))
        .map(name -> workspaces.resolve(name.substring(PREFIX.length())))
        .toList();
  }

  /** Removes a container with everything in it; one that is gone stays gone. */
  void remove(String name) {
    try {
      String said = ask("rm", "--force", "--volumes", name);
      log.atDebug().addKeyValue("container", name).addKeyValue("said", said).log("removed");
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("container", name)
          .addKeyValue("reason", e.getMessage())
          .log("a container could not be removed; it is tried again at the next start");
    }
  }

  private String ask(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(config.runtime()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(config.clientEnvironment());
    Process process = builder.start();
    process.getOutputStream().close();
    // not interruptible: a run that is killed still has to be cleaned up after
    boolean ended =
        process
            .onExit()
            .thenApply(_ -> true)
            .completeOnTimeout(false, TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .join();
    if (!ended) {
      process.destroyForcibly();
      throw new IOException(
          "%s %s did not end within %s"
              .formatted(config.runtime(), arguments[0], Durations.text(TIMEOUT)));
    }
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
