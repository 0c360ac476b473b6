package dev.millrace.worker.process;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a command is run.
 *
 * @param command command line, for {@code sh}; it gets the prompt on its standard input
 * @param workspaces folder of all workspaces
 * @param quotaBytes how much a run may keep on disk
 * @param killGrace how long a process that is told to end may take before it is killed
 * @param environment variables that the command gets, besides those that tell it about its run
 * @param container how it is run in a container; null if it is a process of this machine
 */
public record ProcessConfig(
    String command,
    Path workspaces,
    long quotaBytes,
    Duration killGrace,
    Map<String, String> environment,
    @Nullable ContainerConfig container) {

  private static final String PASSED = "AGENT_COMMAND_ENV";

  /** What is right for a process of this machine; a container has its own. */
  private static final List<String> OF_THE_HOST = List.of("PATH", "HOME", "LANG", "USER");

  private static final long DEFAULT_QUOTA = 2L << 30;
  private static final long MIN_QUOTA = 1L << 20;
  private static final Duration DEFAULT_KILL_GRACE = Duration.ofSeconds(2);
  private static final Duration MAX_KILL_GRACE = Duration.ofSeconds(4);

  public ProcessConfig {
    environment = Map.copyOf(environment);
  }

  /** Reads {@code AGENT_COMMAND} and what belongs to it; empty without a command. */
  public static Optional<ProcessConfig> from(Environment environment) {
    return environment.optional("AGENT_COMMAND").map(command -> read(environment, command));
  }

  private static ProcessConfig read(Environment environment, String command) {
    long quota = environment.bytes("AGENT_WORKSPACE_QUOTA", DEFAULT_QUOTA);
    if (quota < MIN_QUOTA) {
      throw new ConfigurationException(
          "AGENT_WORKSPACE_QUOTA", "expected at least 1MB, found " + quota + " bytes");
    }
    Duration grace = environment.duration("AGENT_KILL_GRACE", DEFAULT_KILL_GRACE);
    if (grace.compareTo(MAX_KILL_GRACE) > 0) {
      throw new ConfigurationException(
          "AGENT_KILL_GRACE", "expected at most " + MAX_KILL_GRACE + ", found " + grace);
    }
    ContainerConfig container = ContainerConfig.from(environment).orElse(null);
    return new ProcessConfig(
        command,
        Path.of(environment.string("WORKSPACES_DIR", "workspaces")).toAbsolutePath(),
        quota,
        grace,
        passed(environment, container == null ? OF_THE_HOST : List.of()),
        container);
  }

  /** Only what is named is passed on: the worker's own variables hold secrets. */
  private static Map<String, String> passed(Environment environment, List<String> always) {
    Map<String, String> passed = new LinkedHashMap<>();
    for (String name : always) {
      environment.optional(name).ifPresent(value -> passed.put(name, value));
    }
    for (String name : environment.list(PASSED, List.of())) {
      environment.optional(name).ifPresent(value -> passed.put(name, value));
    }
    return passed;
  }
}
