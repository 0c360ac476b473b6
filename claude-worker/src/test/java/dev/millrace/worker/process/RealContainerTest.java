package dev.millrace.worker.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.prompt.Prompts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands in real containers. It needs Docker or Podman with the image {@value #IMAGE}, which it
 * does not pull; without them it is skipped.
 */
@EnabledIf("isThereARuntimeWithTheImage")
class RealContainerTest {

  private static final String IMAGE = "alpine:latest";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private GitFixture git;
  private final RecordingReporter reporter = new RecordingReporter();

  static boolean isThereARuntimeWithTheImage() {
    return runtime().isPresent();
  }

  private static Optional<String> runtime() {
    return Stream.of("docker", "podman").filter(RealContainerTest::hasTheImage).findFirst();
  }

  private static boolean hasTheImage(String runtime) {
    try {
      Process asked =
          new ProcessBuilder(runtime, "image", "inspect", IMAGE)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor(10, TimeUnit.SECONDS) && asked.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @BeforeEach
  void repository() {
    git = new GitFixture(folder.resolve("origin"), Map.of("README.md", "Hello.\n"));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    git.close();
    ProcessConfig config = config("true");
    ContainerConfig container = requireNonNull(config.container());
    assertThat(new ContainerRuntime(container).workspacesIn(config.workspaces())).isEmpty();
  }

  private ProcessConfig config(String command) {
    String runtime = runtime().orElseThrow();
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.put("AGENT_COMMAND", command);
    variables.put("AGENT_CONTAINER_IMAGE", IMAGE);
    variables.put("AGENT_CONTAINER_RUNTIME", runtime);
    variables.put(
        "AGENT_CONTAINER_OPTIONS",
        runtime.equals("podman") ? "--pull=never --userns=keep-id" : "--pull=never");
    variables.put("WORKSPACES_DIR", folder.resolve("workspaces").toString());
    return ProcessConfig.from(Environment.of(variables)).orElseThrow();
  }

  private AgentResult run(String command) throws InterruptedException {
    return new ProcessAgent(config(command), git.repositories(), new Prompts())
        .run(
            Runs.in(
                new Place(GitFixture.NAME, null, GitFixture.BRANCH), "code", "Greet.", Map.of()),
            reporter);
  }

  @Test
  void theCommandWritesItsCloneAndNothingElseAndReachesNobody() throws InterruptedException {
    AgentResult result =
        run("cat README.md; echo new > made.txt; touch /etc/x || echo closed; ls /sys/class/net");

    assertThat(result)
        .isInstanceOfSatisfying(
            Completed.class,
            completed -> {
              assertThat(completed.text().lines()).contains("Hello.", "closed", "lo");
              assertThat(completed.text()).doesNotContain("eth0");
              assertThat(completed.files()).isEqualTo(List.of(new ResultFile("made.txt", "new\n")));
            });
  }

  @Test
  void aRunThatIsKilledTakesItsContainerWithIt() throws Exception {
    BackgroundRun run = new BackgroundRun(() -> run("trap '' TERM; echo here; sleep 300"));
    await().atMost(PATIENCE).until(() -> reporter.lines.contains("here"));

    run.end(PATIENCE);

    assertThat(run.result().state()).isEqualTo(Future.State.FAILED);
  }
}
