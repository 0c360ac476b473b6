package dev.millrace.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.standalone.embedded.DataDirectory;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts {@code millrace up} as a process of its own session and waits until it is ready. */
record DetachedUp(Path data, ListenAddress address, List<String> without) {

  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

  int run() throws Exception {
    Path output = data.resolve("logs").resolve("up.log");
    DataDirectory.open(data, System.getenv()).close();
    Process process =
        new ProcessBuilder(command())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    Shutdown shutdown = Shutdown.awaited();
    try {
      return shutdown.unlessAsked(() -> awaitReady(process, output));
    } catch (InterruptedException e) {
      Console.say("stopping what was started");
      process.destroy();
      return Math.max(1, process.waitFor());
    } finally {
      shutdown.done();
    }
  }

  private static int awaitReady(Process process, Path output)
      throws IOException, InterruptedException {
    int shown = 0;
    while (!process.waitFor(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
      List<String> lines = completeLines(output);
      for (String line : lines.subList(shown, lines.size())) {
        if (isReady(line)) {
          System.out.println(line);
          return 0;
        }
        System.err.println(line);
      }
      shown = lines.size();
    }
    List<String> lines = Files.readAllLines(output);
    lines.subList(Math.min(shown, lines.size()), lines.size()).forEach(System.err::println);
    if (lines.stream().noneMatch(DetachedUp::isReady)) {
      return Math.max(1, process.exitValue());
    }
    throw new StackException("it was ready and stopped at once; see " + output);
  }

  private static boolean isReady(String line) {
    return line.startsWith("ready in ");
  }

  /** The last line of a file that is being written may still be on its way. */
  static List<String> completeLines(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), UTF_8);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private List<String> command() {
    List<String> up = new ArrayList<>(List.of("up", "--data", data.toString()));
    up.addAll(List.of("--host", address.host(), "--port", Integer.toString(address.port())));
    without.forEach(app -> up.addAll(List.of("--without", app)));
    List<String> command = new ArrayList<>(List.of("setsid"));
    command.addAll(SameJvm.command(option -> true, List.of(), up));
    return command;
  }
}
