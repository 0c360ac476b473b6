package dev.millrace.worker.process;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command in a container of its own. It sees its clone, those of the further repositories to
 * read, a folder for temporary files and nothing else of this machine, can write nowhere else, and
 * has no privileges. The process on this machine is the runtime's client: the container does not
 * end with it, so it is removed by its name.
 */
final class ContainerLaunch implements Launch {

  /** Where the further repositories are, if there are any. */
  static final String FURTHER = "/repositories";

  private static final String WORK = "/workspace";
  private static final String TEMPORARY = "/tmp";

  /** Where the container keeps its home, which is not that of the worker's user. */
  private static final List<String> PLACES = List.of("HOME=" + TEMPORARY, "TMPDIR=" + TEMPORARY);

  private final ProcessConfig config;
  private final ContainerConfig container;
  private final ContainerRuntime runtime;
  private final Workspace workspace;
  private final Map<String, String> variables;
  private final String user;

  /**
   * @param variables what the command finds in its environment
   */
  ContainerLaunch(
      ProcessConfig config,
      ContainerConfig container,
      Workspace workspace,
      Map<String, String> variables)
      throws IOException {
    this.config = config;
    this.container = container;
    this.runtime = new ContainerRuntime(container);
    this.workspace = workspace;
    this.variables = Map.copyOf(variables);
    this.user =
        "%s:%s"
            .formatted(
                Files.getAttribute(workspace.folder(), "unix:uid"),
                Files.getAttribute(workspace.folder(), "unix:gid"));
  }

  private String name() {
    return ContainerRuntime.nameFor(workspace.folder());
  }

  @Override
  public List<String> commandLine() {
    List<String> line = new ArrayList<>(List.of("setsid", container.runtime(), "run"));
    line.addAll(List.of("--rm", "--init", "--interactive", "--name", name()));
    line.addAll(List.of("--label", ContainerRuntime.labelOf(config.workspaces())));
    line.addAll(limits());
    line.addAll(List.of("--volume", workspace.repository() + ":" + WORK));
    line.addAll(List.of("--volume", workspace.tmp() + ":" + TEMPORARY));
    if (Files.isDirectory(workspace.further())) {
      line.addAll(List.of("--volume", workspace.further() + ":" + FURTHER + ":ro"));
    }
    line.addAll(List.of("--workdir", WORK));
    PLACES.forEach(place -> line.addAll(List.of("--env", place)));
    // by name only: the client takes the values from its environment, and no list of processes
    // shows them
    variables.keySet().stream().sorted().forEach(name -> line.addAll(List.of("--env", name)));
    line.addAll(container.options());
    line.addAll(List.of("--entrypoint", "sh", container.image(), "-c", config.command()));
    return line;
  }

  private List<String> limits() {
    return List.of(
        "--network",
        container.network(),
        "--memory",
        container.memoryBytes() + "b",
        "--cpus",
        Double.toString(container.cpus()),
        "--pids-limit",
        Integer.toString(container.pids()),
        "--ulimit",
        "core=0",
        "--ulimit",
        "fsize=" + config.quotaBytes(),
        "--cap-drop",
        "ALL",
        "--security-opt",
        "no-new-privileges",
        "--user",
        user,
        "--read-only");
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(container.clientEnvironment());
    environment.putAll(variables);
    return environment;
  }

  @Override
  public String name(long pid) {
    return name();
  }

  @Override
  public void end() {
    runtime.remove(name());
  }
}
