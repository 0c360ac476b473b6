package dev.millrace.standalone.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.millrace.runtime.failure.FileFailures;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** Starts the {@link DemoService}, and the script that restarts it: the hook of its project. */
final class DemoServiceProcess implements AutoCloseable {

  static final String PROJECT = "demo-service";

  private final Path pidFile;
  private final Path restartScript;
  private final int port;

  private DemoServiceProcess(Path pidFile, Path restartScript, int port) {
    this.pidFile = pidFile;
    this.restartScript = restartScript;
    this.port = port;
  }

  /** Starts the service; its files are in this folder. */
  static DemoServiceProcess start(Path folder) throws InterruptedException {
    try {
      Files.createDirectories(folder);
      int port = freePort();
      Path pidFile = folder.resolve("demo-service.pid");
      Path script = folder.resolve("restart-demo-service.sh");
      Files.deleteIfExists(pidFile);
      Files.writeString(script, restartScript(folder, pidFile, port));
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      Process starting =
          new ProcessBuilder(script.toString())
              .inheritIO()
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (starting.waitFor() != 0) {
        throw new StepFailedException("the demo service cannot be started with " + script);
      }
      return new DemoServiceProcess(pidFile, script, port);
    } catch (IOException e) {
      throw new StepFailedException(
          "the demo service cannot be started: " + FileFailures.reason(e), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Ends the process that runs, if one does, and starts a new one. */
  private static String restartScript(Path folder, Path pidFile, int port) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return """
    #!/bin/sh
    # Restarts the demo service: what a site's own restart hook would do.
    set -eu
    if [ -f '%1$s' ]; then
      pid=$(cat '%1$s')
      kill "$pid" 2>/dev/null || true
      while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
      rm -f '%1$s'
    fi
    setsid '%2$s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx32m -cp '%3$s' %4$s %5$d '%1$s' \\
      >'%6$s/demo-service.log' 2>&1 </dev/null &
    while [ ! -s '%1$s' ]; do sleep 0.05; done
    echo "restarted as process $(cat '%1$s')"
    """
        .formatted(
            pidFile.toAbsolutePath(),
            java,
            ownClasses(),
            DemoService.class.getName(),
            port,
            folder.toAbsolutePath());
  }

  private static String ownClasses() {
    return Path.of(
            java.net.URI.create(
                DemoService.class.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The process that runs now, if one does. */
  Optional<ProcessHandle> process() {
    try {
      return Files.exists(pidFile)
          ? ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The remediation hooks for it, as {@code REMEDIATION_HOOKS} takes them. */
  String hooks() {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode hooks = mapper.createArrayNode();
    hooks
        .addObject()
        .put("project", PROJECT)
        .put("action", "restart_service")
        .put("timeout", "30s")
        .set("command", mapper.valueToTree(List.of(restartScript.toAbsolutePath().toString())));
    try {
      return mapper.writeValueAsString(hooks);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  @Override
  public void close() {
    process().ifPresent(ProcessHandle::destroy);
  }
}
