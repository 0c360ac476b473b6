package dev.millrace.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.worker.agent.AgentResult;
import dev.millrace.worker.agent.AgentResult.Completed;
import dev.millrace.worker.agent.AgentResult.Failed;
import dev.millrace.worker.agent.AgentResult.ResultFile;
import dev.millrace.worker.agent.AgentRun;
import dev.millrace.worker.agent.AgentRun.Place;
import dev.millrace.worker.agent.RunId;
import dev.millrace.worker.fixture.GitFixture;
import dev.millrace.worker.fixture.RecordingReporter;
import dev.millrace.worker.fixture.Runs;
import dev.millrace.worker.prompt.Prompts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands in containers of a runtime that a script stands in for. */
@EnabledOnOs(OS.LINUX)
class ContainerAgentTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String CONTAINER = "millrace-run-1";
  private static final String STUBBORN = "trap '' TERM; echo here; sleep 300; sleep 300";

  @TempDir private Path folder;
  private Path workspaces;
  private GitFixture git;
  private StandInRuntime runtime;
  private final RecordingReporter reporter = new RecordingReporter();

  @BeforeEach
  void repositoryAndRuntime() throws IOException {
    workspaces = Files.createDirectory(folder.resolve("workspaces"));
    git = new GitFixture(folder.resolve("origin"), Map.of("README.md", "Hello.\n"));
    runtime = new StandInRuntime(Files.createDirectory(folder.resolve("runtime")));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    git.close();
    Optional<ProcessHandle> left = runtime.container(CONTAINER);
    new ContainerRuntime(runtime.config()).remove(CONTAINER);
    assertThat(left).isEmpty();
    assertThat(workspaces).isEmptyDirectory();
  }

  private ProcessConfig config(String command, long quota) {
    return new ProcessConfig(
        command,
        workspaces,
        quota,
        Duration.ofMillis(300),
        Map.of("SITE_TOKEN", "made up"),
        runtime.config());
  }

  private AgentResult run(String command, long quota) throws InterruptedException {
    AgentRun run =
        Runs.in(
            new Place(GitFixture.NAME, null, GitFixture.BRANCH),
            "code",
            "Greet the world.",
            Map.of("role", "coding"));
    return new ProcessAgent(config(command, quota), git.repositories(), new Prompts())
        .run(run, reporter);
  }

  @Test
  void theCommandWorksInItsCloneWithItsPromptAndItsVariablesAlone() throws Exception {
    AgentResult result =
        run("cat > prompt.txt; echo changed > README.md; env | sort | cut -d= -f1", 64 << 20);

    assertThat(result).isInstanceOf(Completed.class);
    Completed completed = (Completed) result;
    assertThat(completed.files())
        .extracting(ResultFile::path)
        .containsExactlyInAnyOrder("README.md", "prompt.txt");
    assertThat(completed.files().toString()).contains("You are the coding agent");
    assertThat(completed.text().lines())
        .contains("SITE_TOKEN", "MILLRACE_RUN_ID", "HOME")
        .doesNotContain("USER", Processes.MARK);
    assertThat(reporter.lines).anyMatch(line -> line.startsWith(CONTAINER + ": cat"));
    assertThat(reporter.launched).containsExactly(CONTAINER);
  }

  @Test
  void theContainerHasItsLimitsAndNoNetworkAndNoSecretInItsArguments() throws Exception {
    run("true", 64 << 20);

    Path workspace = workspaces.resolve("run-1");
    assertThat(String.join(" ", runtime.arguments()))
        .startsWith("--rm --init --interactive --name " + CONTAINER)
        .contains("--label dev.millrace.workspaces=" + workspaces)
        .contains("--network none --memory 536870912b --cpus 1.5 --pids-limit 64")
        .contains("--ulimit fsize=67108864", "--cap-drop ALL", "--read-only")
        .contains("--volume %s/repository:/workspace".formatted(workspace))
        .contains("--volume %s/tmp:/tmp --workdir /workspace".formatted(workspace))
        .contains("--env SITE_TOKEN ")
        .doesNotContain("made up")
        .endsWith("--security-opt label=disable --entrypoint sh example/agent:1 -c true");
  }

  @Test
  void theContainerSeesFurtherRepositoriesToReadOnly() throws Exception {
    try (GitFixture other = new GitFixture(folder.resolve("other"), Map.of("a.txt", "Else.\n"))) {
      git.beside("acme/other", other);
      AgentRun run =
          Runs.in(
              new Place(GitFixture.NAME, null, GitFixture.BRANCH, List.of("acme/other")),
              "code",
              "Greet the world.",
              Map.of());

      new ProcessAgent(config("true", 64 << 20), git.repositories(), new Prompts())
          .run(run, reporter);
    }

    assertThat(String.join(" ", runtime.arguments()))
        .contains(
            "--volume %s/further:/repositories:ro".formatted(workspaces.resolve("run-1")),
            "--env MILLRACE_REPOSITORIES ");
  }

  @Test
  void theExitCodeAndTheComplaintOfTheCommandAreTold() throws InterruptedException {
    AgentResult result = run("echo 'no such thing' >&2; exit 3", 64 << 20);

    Failed failed = (Failed) result;
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.failure().message()).contains("exit code 3", "no such thing");
  }

  @Test
  void aRunThatIsKilledTakesItsContainerWithIt() throws Exception {
    BackgroundRun run = new BackgroundRun(() -> run(STUBBORN, 64 << 20));
    await().atMost(PATIENCE).until(() -> reporter.lines.contains("here"));
    ProcessHandle container = runtime.container(CONTAINER).orElseThrow();

    run.end(PATIENCE);

    await().atMost(PATIENCE).until(() -> !container.isAlive());
  }

  @Test
  void aContainerThatTakesTooMuchOfTheDiskIsRemoved() throws InterruptedException {
    AgentResult result =
        run(
            "i=0; while :; do head -c 300000 /dev/zero > f$i; i=$((i+1)); sleep 0.01; done",
            4 << 20);

    assertThat(((Failed) result).failure().code()).isEqualTo("disk_quota_exceeded");
  }

  @Test
  void aRuntimeThatStartsNothingIsTold() throws Exception {
    runtime.refuse("Cannot connect to the daemon");

    AgentResult result = run("true", 64 << 20);

    assertThat(((Failed) result).failure().code()).isEqualTo("container_unavailable");
    assertThat(((Failed) result).failure().message())
        .contains("Cannot connect to the daemon", "AGENT_CONTAINER_RUNTIME");
  }

  @Test
  void theContainerOfAWorkerThatDiedIsRemovedAtTheNextStart() throws Exception {
    // given
    Workspace left = Workspace.of(workspaces, new RunId("run-1"));
    Launch launch =
        new ContainerLaunch(config(STUBBORN, 64 << 20), runtime.config(), left, Map.of());
    ProcessBuilder client = new ProcessBuilder(launch.commandLine());
    client.environment().putAll(launch.environment());
    Process started = client.start();
    await().atMost(PATIENCE).until(() -> runtime.container(CONTAINER).isPresent());
    ProcessHandle container = runtime.container(CONTAINER).orElseThrow();
    started.destroyForcibly().waitFor();
    assertThat(container.isAlive()).as("it does not end with its client").isTrue();
    Files.writeString(left.folder().resolve(Workspace.OWNER), "999999999 2020-01-01T00:00:00Z");

    // when
    new OrphanCleaner(config("true", 1 << 20)).start();

    // then
    await().atMost(PATIENCE).until(() -> !container.isAlive());
    assertThat(left.folder()).doesNotExist();
  }

  @Test
  void theContainerOfAWorkerThatLivesIsLeftAlone() throws Exception {
    BackgroundRun run = new BackgroundRun(() -> run(STUBBORN, 64 << 20));
    await().atMost(PATIENCE).until(() -> reporter.lines.contains("here"));

    new OrphanCleaner(config("true", 1 << 20)).start();

    assertThat(runtime.container(CONTAINER).filter(ProcessHandle::isAlive)).isPresent();
    run.end(PATIENCE);
  }

  @Test
  void aContainerIsConfiguredByItsImage() {
    Map<String, String> command = Map.of("AGENT_COMMAND", "claude -p");

    assertThat(ProcessConfig.from(Environment.of(command)).orElseThrow().container()).isNull();

    ProcessConfig config =
        ProcessConfig.from(
                Environment.of(command)
                    .with(
                        Map.of(
                            "AGENT_CONTAINER_IMAGE", "example/agent:1",
                            "AGENT_CONTAINER_RUNTIME", "podman",
                            "AGENT_CONTAINER_OPTIONS", "--userns=keep-id --pull=never",
                            "HOME", "/home/worker",
                            "GITHUB_TOKEN", "not-a-real-token")))
            .orElseThrow();
    assertThat(config.environment()).as("the container has a home of its own").isEmpty();
    assertThat(config.container())
        .isEqualTo(
            new ContainerConfig(
                "podman",
                "example/agent:1",
                "none",
                2L << 30,
                2,
                512,
                List.of("--userns=keep-id", "--pull=never"),
                Map.of("HOME", "/home/worker")));
  }

  @Test
  void limitsThatAreTooSmallAreRefusedAtTheStart() {
    assertThatThrownBy(() ->
            ProcessConfig.from(
                Environment.of(
                    Map.of(
                        "AGENT_COMMAND", "true",
                        "AGENT_CONTAINER_IMAGE", "example/agent:1",
                        "AGENT_CONTAINER_MEMORY", "1MB"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("AGENT_CONTAINER_MEMORY");
  }
}
