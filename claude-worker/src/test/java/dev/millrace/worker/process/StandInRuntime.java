package dev.millrace.worker.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A script in place of a container runtime, whose containers are processes of this machine. */
final class StandInRuntime {

  private final Path script;
  private final Path state;

  StandInRuntime(Path folder) throws IOException {
    script = folder.resolve("container-runtime.sh");
    state = folder.resolve("state");
    Files.createDirectories(state);
    try (InputStream in = StandInRuntime.class.getResourceAsStream("container-runtime.sh")) {
      Files.write(script, in.readAllBytes());
    }
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + script + " executable");
    }
  }

  /** How containers are run with it. */
  ContainerConfig config() {
    return new ContainerConfig(
        script.toString(),
        "example/agent:1",
        "none",
        512L << 20,
        1.5,
        64,
        List.of("--security-opt", "label=disable"),
        Map.of("PATH", String.valueOf(System.getenv("PATH"))));
  }

  /** From now on it starts nothing, and says why. */
  void refuse(String why) throws IOException {
    Files.writeString(state.resolve("refusal"), why + "\n");
  }

  /** The arguments of the last start. */
  List<String> arguments() throws IOException {
    return Files.readAllLines(state.resolve("arguments"));
  }

  /** The process in a container, if there is one of this name. */
  Optional<ProcessHandle> container(String name) throws IOException {
    Path pid = state.resolve(name + ".pid");
    return Files.exists(pid)
        ? ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        : Optional.empty();
  }
}
