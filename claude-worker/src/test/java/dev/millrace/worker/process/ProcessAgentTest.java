package dev.millrace.worker.process;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.repositories.FileChange.Delete;
import dev.millrace.repositories.FileChange.Mode;
import dev.millrace.repositories.FileChange.Write;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes in clones of a real repository. */
@EnabledOnOs(OS.LINUX)
class ProcessAgentTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private Path workspaces;
  private GitFixture git;
  private final RecordingReporter reporter = new RecordingReporter();

  @BeforeEach
  void repository() {
    workspaces = folder.resolve("workspaces");
    git =
        new GitFixture(
            folder.resolve("origin"), Map.of("README.md", "Hello.\n", ".gitignore", "*.log\n"));
  }

  @AfterEach
  void nothingIsLeft() {
    git.close();
    assertThat(workspaces).isEmptyDirectory();
    assertThat(Processes.of(workspaces.resolve("run-1"))).isEmpty();
  }

  @Test
  void aRunTellsTheProcessThatItIs() throws InterruptedException {
    run("echo $$");

    assertThat(reporter.launched)
        .singleElement()
        .asString()
        .matches("host-pid-\\d+")
        .isNotEqualTo("host-pid-" + ProcessHandle.current().pid());
  }

  @Test
  void aLineThatEndsAsOnWindowsIsOneLine() throws InterruptedException {
    run("printf 'one\\r\\ntwo\\r\\n'");

    assertThat(reporter.lines).contains("one", "two");
  }

  @Test
  void furtherRepositoriesAreClonedBesideAndWhatIsChangedThereIsNotKept()
      throws InterruptedException {
    AgentResult result;
    try (GitFixture other = new GitFixture(folder.resolve("other"), Map.of("a.txt", "Else.\n"))) {
      git.beside("acme/other", other);
      AgentRun run =
          Runs.in(
              new Place(GitFixture.NAME, null, GitFixture.BRANCH, List.of("acme/other")),
              "code",
              "Greet the world.",
              Map.of());
      String command =
          "cat > prompt.txt; cd $MILLRACE_REPOSITORIES/acme/other; echo x > b.txt; cp a.txt \"$OLDPWD\"/here.txt";

      result = agent(command, 64 << 20).run(run, reporter);
    }

    Completed completed = (Completed) result;
    assertThat(completed.files())
        .extracting(ResultFile::path)
        .containsExactlyInAnyOrder("here.txt", "prompt.txt");
    assertThat(completed.files()).contains(new ResultFile("here.txt", "Else.\n"));
    assertThat(completed.files().toString()).contains("MILLRACE_REPOSITORIES", "acme/other");
  }

  private AgentResult run(String command) throws InterruptedException {
    return agent(command, 64 << 20).run(inRepository(), reporter);
  }

  private ProcessAgent agent(String command, long quota) {
    return new ProcessAgent(
        new ProcessConfig(
            command,
            workspaces,
            quota,
            Duration.ofMillis(300),
            Map.of("PATH", String.valueOf(System.getenv("PATH"))),
            null),
        git.repositories(),
        new Prompts());
  }

  private static AgentRun inRepository() {
    return Runs.in(
        new Place(GitFixture.NAME, null, GitFixture.BRANCH),
        "code",
        "Greet the world.",
        Map.of("role", "coding"));
  }

  @Test
  void whatTheCommandChangedInItsCloneIsTheResult() throws InterruptedException {
    AgentResult result =
        run("cat README.md; mkdir -p src; echo new > src/a.txt; echo changed > README.md");

    assertThat(result)
        .isInstanceOfSatisfying(
            Completed.class,
            completed -> {
              assertThat(completed.text()).isEqualTo("Hello.\n");
              assertThat(completed.files())
                  .containsExactlyInAnyOrder(
                      new ResultFile("src/a.txt", "new\n"),
                      new ResultFile("README.md", "changed\n"));
            });
    assertThat(reporter.lines).contains("Hello.", "exit code 0");
    assertThat(git.messages()).as("only the worker commits").hasSize(1);
  }

  @Test
  void whatIsIgnoredBinaryOrALinkIsLeftOut() throws InterruptedException {
    AgentResult result =
        run(
            "echo x > debug.log; printf '\\377\\376' > image.png; ln -s /etc/passwd link;"
                + " echo evil >> .git/config; echo ok > ok.txt");

    assertThat(((Completed) result).files()).containsExactly(new ResultFile("ok.txt", "ok\n"));
    assertThat(reporter.lines)
        .contains(
            "is no UTF-8 text, which is not committed: image.png",
            "is or was a link, which is not committed: link");
  }

  @Test
  void filesThatAreMovedOrMadeExecutableAreSoInTheCommit() throws InterruptedException {
    AgentResult result =
        run("git mv README.md about.md; printf '#!/bin/sh\\n' > run.sh; chmod +x run.sh");

    assertThat(((Completed) result).files())
        .containsExactlyInAnyOrder(
            new ResultFile("about.md", "Hello.\n"),
            new ResultFile("run.sh", new Write("#!/bin/sh\n", Mode.EXECUTABLE)),
            new ResultFile("README.md", new Delete()));
  }

  @Test
  void theCommandGetsItsPromptAndItsRoleAndNoSecrets() throws InterruptedException {
    AgentResult result = run("cat; env");

    String text = ((Completed) result).text();
    assertThat(text)
        .contains("You are the coding agent", "Greet the world.", "MILLRACE_ROLE=coding")
        .contains("MILLRACE_RUN_ID=run-1", "MILLRACE_TASK_ID=task-1")
        .doesNotContain("JAVA_HOME=");
  }

  @Test
  void aReviewerGetsTheDiffOfTheChange() throws InterruptedException {
    git.change("fix", "README.md", "Bye.\n");

    AgentResult result =
        agent("cat", 64 << 20)
            .run(Runs.reviewOf(Map.of("review_branch", "fix", "commit", "false")), reporter);

    assertThat(((Completed) result).text())
        .contains("You are the reviewer", "what=\"diff of commit fix\"", "-Hello.\n+Bye.\n");
  }

  @Test
  void aCommandThatFailsSaysWithWhichCodeAndWhatItComplainedAbout() throws InterruptedException {
    AgentResult result = run("echo first >&2; echo 'no such thing' >&2; exit 3");

    assertThat(result)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.exitCode()).isEqualTo(3);
              assertThat(failed.failure().message()).contains("exit code 3", "no such thing");
              assertThat(failed.failure().retryable()).isTrue();
            });
  }

  @Test
  void aLineIsReportedWhileTheCommandGoesOn() throws Exception {
    BackgroundRun run = new BackgroundRun(() -> run("echo working; sleep 60"));

    await().atMost(PATIENCE).until(() -> reporter.lines.contains("working"));

    assertThat(run.result()).isNotDone();
    run.end(PATIENCE);
  }

  @Test
  void aChildThatForksIgnoresTheSignalAndLeavesItsGroupDiesToo() throws Exception {
    BackgroundRun run =
        new BackgroundRun(() ->
            run(
                "trap '' TERM; (trap '' TERM; setsid sh -c \"trap '' TERM; echo away; sleep 300\") &"
                    + " echo here; sleep 300; sleep 300"));
    await().atMost(PATIENCE).until(() -> reporter.lines.containsAll(List.of("here", "away")));
    List<ProcessHandle> running = Processes.of(workspaces.resolve("run-1"));

    run.end(PATIENCE);

    assertThat(running).hasSizeGreaterThan(2);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(running).noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void aChildThatDropsItsEnvironmentDiesWithItsGroup() throws Exception {
    BackgroundRun run =
        new BackgroundRun(
            () -> run("env -i /bin/sh -c 'echo bare $$; sleep 300; sleep 300' & sleep 300"));
    await()
        .atMost(PATIENCE)
        .until(() -> reporter.lines.stream().anyMatch(line -> line.startsWith("bare ")));
    String line =
        reporter.lines.stream().filter(said -> said.startsWith("bare ")).findFirst().orElseThrow();
    ProcessHandle bare =
        ProcessHandle.of(Long.parseLong(line.substring("bare ".length()))).orElseThrow();
    assertThat(Processes.of(workspaces.resolve("run-1"))).doesNotContain(bare);

    run.end(PATIENCE);

    await().atMost(PATIENCE).until(() -> !bare.isAlive());
  }

  @Test
  void whatACommandLeavesBehindWhenItEndsIsKilled() throws InterruptedException {
    AgentResult result = run("sleep 300 & echo done");

    assertThat(((Completed) result).text()).isEqualTo("done\n");
  }

  @Test
  void aRunThatTakesTooMuchOfTheDiskIsEnded() throws InterruptedException {
    AgentResult result =
        agent(
                "i=0; while :; do head -c 300000 /dev/zero > f$i; i=$((i+1)); sleep 0.01; done",
                4 << 20)
            .run(inRepository(), reporter);

    assertThat(((Failed) result).failure().code()).isEqualTo("disk_quota_exceeded");
  }

  @Test
  void twentyMegabytesOfBinaryOutputAreTakenAndTheEndIsKept() throws InterruptedException {
    AgentResult result = run("head -c 20000000 /dev/urandom; echo; echo the end");

    assertThat(((Completed) result).text()).endsWith("the end\n").hasSizeLessThan(1 << 20);
    assertThat(reporter.lines).contains("the end");
  }

  @Test
  void aBranchThatIsNotThereIsSaidSo() {
    AgentRun run =
        Runs.in(new Place(GitFixture.NAME, null, "no-such-branch"), "code", "x", Map.of());

    assertThatThrownBy(() -> agent("true", 64 << 20).run(run, reporter))
        .hasMessageContaining("no-such-branch");
  }

  @Test
  void whatAWorkerThatDiedLeftIsCleanedUpAtTheNextStart() throws Exception {
    Workspace left = Workspace.of(workspaces, new RunId("run-1"));
    ProcessBuilder orphan = new ProcessBuilder("setsid", "sleep", "300");
    orphan.environment().put(Processes.MARK, left.folder().toString());
    Process process = orphan.start();
    await().atMost(PATIENCE).until(() -> !Processes.of(left.folder()).isEmpty());
    Files.writeString(left.folder().resolve(Workspace.OWNER), "999999999 2020-01-01T00:00:00Z");
    Workspace alive = Workspace.of(workspaces, new RunId("run-2"));

    new OrphanCleaner(agentConfig()).start();

    assertThat(process.waitFor(PATIENCE.toMillis(), MILLISECONDS)).isTrue();
    assertThat(left.folder()).doesNotExist();
    assertThat(alive.folder()).exists();
    alive.close();
  }

  private ProcessConfig agentConfig() {
    return new ProcessConfig("true", workspaces, 1 << 20, Duration.ZERO, Map.of(), null);
  }
}
