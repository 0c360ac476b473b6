package dev.millrace.worker.process;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a command is run in a container.
 *
 * @param runtime command line of a container runtime, which takes the arguments of Docker's
 * @param image image that the command is run in; it needs a {@code sh}
 * @param network network that it is in; {@code none} is no network
 * @param memoryBytes memory that it may use
 * @param cpus processors that it may use
 * @param pids processes that it may have at once
 * @param options further arguments for starting it
 * @param clientEnvironment what the runtime itself finds in its environment
 */
public record ContainerConfig(
    String runtime,
    String image,
    String network,
    long memoryBytes,
    double cpus,
    int pids,
    List<String> options,
    Map<String, String> clientEnvironment) {

  /** Exit code of a runtime that could not start the container. */
  static final int NOT_STARTED = 125;

  private static final String MEMORY = "AGENT_CONTAINER_MEMORY";
  private static final long DEFAULT_MEMORY = 2L << 30;
  private static final long MIN_MEMORY = 16L << 20;

  /** What Docker and Podman look at themselves. */
  private static final List<String> CLIENT_VARIABLES =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LANG",
          "XDG_RUNTIME_DIR",
          "XDG_CONFIG_HOME",
          "XDG_DATA_HOME",
          "DOCKER_HOST",
          "DOCKER_CONFIG",
          "DOCKER_CONTEXT",
          "DOCKER_CERT_PATH",
          "DOCKER_TLS_VERIFY",
          "CONTAINER_HOST",
          "CONTAINERS_CONF");

  public ContainerConfig {
    options = List.copyOf(options);
    clientEnvironment = Map.copyOf(clientEnvironment);
  }

  /** Reads {@code AGENT_CONTAINER_*}; empty without an image. */
  static Optional<ContainerConfig> from(Environment environment) {
    return environment.optional("AGENT_CONTAINER_IMAGE").map(image -> read(environment, image));
  }

  private static ContainerConfig read(Environment environment, String image) {
    if (image.startsWith("-")) {
      throw new ConfigurationException(
          "AGENT_CONTAINER_IMAGE", "expected the name of an image, found '" + image + "'");
    }
    long memory = environment.bytes(MEMORY, DEFAULT_MEMORY);
    if (memory < MIN_MEMORY) {
      throw new ConfigurationException(
          MEMORY, "expected at least 16MB, found " + memory + " bytes");
    }
    return new ContainerConfig(
        environment.string("AGENT_CONTAINER_RUNTIME", "docker"),
        image,
        environment.string("AGENT_CONTAINER_NETWORK", "none"),
        memory,
        environment.decimal("AGENT_CONTAINER_CPUS", 2, 0.01, 1_024),
        environment.integer("AGENT_CONTAINER_PIDS", 512, 16, 1_000_000),
        environment
            .optional("AGENT_CONTAINER_OPTIONS")
            .map(options -> List.of(options.strip().split("\\s+")))
            .orElse(List.of()),
        clientEnvironment(environment));
  }

  private static Map<String, String> clientEnvironment(Environment environment) {
    Map<String, String> found = new LinkedHashMap<>();
    CLIENT_VARIABLES.forEach(
        name -> environment.optional(name).ifPresent(value -> found.put(name, value)));
    return found;
  }
}
