package dev.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  @Test
  void stoppingSendsTheStopSignal() throws Exception {
    var process = start("trap 'exit 7' TERM; while :; do sleep 0.05; done");

    process.stop(PATIENCE);

    assertThat(process.exitCode()).isEqualTo(7);
  }

  @Test
  void oneThatDoesNotStopIsEndedByForce() throws Exception {
    var process = start("trap '' TERM; while :; do sleep 0.05; done");

    process.stop(Duration.ofMillis(200));

    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void aLogThatIsTooLongBeginsAgainWhileItIsWritten() throws Exception {
    var process = start("trap 'echo stopped; exit 0' TERM; while :; do sleep 0.05; done");

    process.boundLog(1);

    process.stop(PATIENCE);
    assertThat(folder.resolve("log")).hasContent("stopped");
    assertThat(folder.resolve("log.1")).hasContent("ready");
  }

  @Test
  void oneThatEndsByItselfIsNoticed() throws Exception {
    var process = start("exit 3");

    Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive());

    assertThat(process.exitCode()).isEqualTo(3);
  }

  private GuardedProcess start(String script) throws Exception {
    // An inner shell that tells when its trap is set, so that no signal comes too early.
    Path log = folder.resolve("log");
    var process =
        GuardedProcess.start(
            new GuardedProcess.Launch(
                List.of("/bin/sh", "-c", script.replaceFirst("; while", "; echo ready; while")),
                SystemUser.self(),
                Map.of(),
                // A shell that was started in the background cannot trap INT.
                "TERM",
                folder,
                log));
    if (script.contains("while")) {
      Awaitility.await().atMost(PATIENCE).until(() -> log.toFile().length() > 0);
    }
    return process;
  }
}
