package dev.millrace.standalone.demo;

import dev.millrace.runtime.failure.FileFailures;
import dev.millrace.standalone.command.Shutdown;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace mock-projects}: three services to watch and repair. */
@Command(
    name = "mock-projects",
    mixinStandardHelpOptions = true,
    description = "Run three small services to watch and repair, until Ctrl-C.",
    footer = {
      "",
      "They listen on loopback: email-blast at 3010, chatbot at 3011, social-media",
      "at 3012. What `./millrace up` must know of them is printed, to be pasted into",
      "its shell. Each has",
      "",
      "  /health                   how it is",
      "  /metrics                  its metrics, in the text format of Prometheus",
      "  /break                    goes down; or /break/high_memory, /break/high_cpu,",
      "                            /break/high_error",
      "  /actions/restart_service  cures it; or /actions/clear_cache,",
      "                            /actions/pause_service",
      "",
      "  curl -X POST http://127.0.0.1:3010/break/high_memory"
    })
public final class MockProjectsCommand implements Callable<Integer> {

  private static final List<String> NAMES = List.of("email-blast", "chatbot", "social-media");
  private static final List<String> ACTIONS =
      List.of("restart_service", "clear_cache", "pause_service");
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "3010",
      description = "Port of the first; the others follow (default: ${DEFAULT-VALUE}).")
  private int port;

  @Override
  public Integer call() throws InterruptedException {
    if (port < 1 || port + NAMES.size() - 1 > MAX_PORT) {
      throw new StackException(
          "--port: expected 1 to %d, found %d".formatted(MAX_PORT - NAMES.size() + 1, port));
    }
    Shutdown shutdown = Shutdown.awaited();
    List<DemoService> services = new ArrayList<>();
    try {
      for (int i = 0; i < NAMES.size(); i++) {
        services.add(listen(NAMES.get(i), port + i));
      }
      System.out.print(settings(port));
      System.out.println("# They run until Ctrl-C.");
      shutdown.await();
      return 0;
    } finally {
      services.forEach(DemoService::close);
      shutdown.done();
    }
  }

  private static DemoService listen(String name, int port) {
    try {
      return DemoService.listen(port);
    } catch (IOException e) {
      throw new StackException(
          "%s cannot listen at port %d: %s".formatted(name, port, FileFailures.reason(e)), e);
    }
  }

  /** What a shell exports so that {@code up} watches and repairs them. */
  static String settings(int port) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      addresses.add("http://localhost:" + (port + i));
    }
    String limit = (SimulatedProcess.MEMORY_LIMIT_BYTES >> 20) + "MB";
    return """
    export PROJECTS=%s
    export PROJECT_METRICS=%s
    export PROJECT_MEMORY_LIMITS=%s
    export REMEDIATION_HOOKS='[%s]'
    """
        .formatted(
            joined(i -> NAMES.get(i) + ":" + addresses.get(i)),
            joined(i -> NAMES.get(i) + ":" + addresses.get(i) + "/metrics"),
            joined(i -> NAMES.get(i) + "=" + limit),
            joined(i -> hooks(NAMES.get(i), addresses.get(i))));
  }

  private static String joined(IntFunction<String> of) {
    return IntStream.range(0, NAMES.size()).mapToObj(of).collect(Collectors.joining(","));
  }

  private static String hooks(String project, String address) {
    return ACTIONS.stream()
        .map(action ->
            "{\"project\":\"%s\",\"action\":\"%s\",\"http\":{\"method\":\"POST\",\"url\":\"%s/actions/%s\"}}"
                .formatted(project, action, address, action))
        .collect(Collectors.joining(",\n"));
  }
}
