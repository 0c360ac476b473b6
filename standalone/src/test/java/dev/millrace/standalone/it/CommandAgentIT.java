package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.worker.ClaudeWorkerApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is a command, on the running pipeline; one word of the task says what it does. */
@ExtendWith(WithMillrace.class)
class CommandAgentIT {

  /** Its shell is the child of the worker. */
  private static final String COMMAND =
      """
      case $(cat) in
        *POISON*) kill -KILL $PPID ;;
        *MOVE*) git mv docs/made-by-a-command.md docs/moved; chmod +x docs/moved ;;
        *SLOW*) echo "pid $$"; sleep 600 ;;
        *) echo working; mkdir -p docs; echo '# Made' > docs/made-by-a-command.md ;;
      esac
      """;

  private static final Pattern PID = Pattern.compile("pid (\\d+)");

  @TempDir private Path folder;

  @Test
  void whatTheCommandWroteIsCommittedAndWhatItPrintedIsShown(Millrace millrace) throws Exception {
    try (AppBeside _ = AppBeside.inPlaceOf(millrace, new ClaudeWorkerApp(), running(COMMAND))) {
      // when
      String task = accepted(millrace, "Do the usual");

      // then
      awaitStatus(millrace, task, "completed");
      try (Git git = Git.open(millrace.results().toFile())) {
        assertThat(git.getRepository().resolve("refs/heads/main:docs/made-by-a-command.md"))
            .isNotNull();
      }
      eventually().until(() -> log(millrace, task).contains("working"));
      JsonNode agent = agent(millrace, task);
      assertThat(agent.path("status").asText()).isEqualTo("completed");
      assertThat(agent.path("exit_code").asInt(-1)).isZero();
    }
  }

  @Test
  void whatTheCommandMovedIsMovedByItsCommit(Millrace millrace) throws Exception {
    try (AppBeside _ = AppBeside.inPlaceOf(millrace, new ClaudeWorkerApp(), running(COMMAND))) {
      // given
      awaitStatus(millrace, accepted(millrace, "Do the usual"), "completed");

      // when
      awaitStatus(millrace, accepted(millrace, "MOVE it"), "completed");

      // then
      try (Git git = Git.open(millrace.results().toFile())) {
        Repository results = git.getRepository();
        RevTree main = results.parseCommit(results.resolve("main")).getTree();
        assertThat(TreeWalk.forPath(results, "docs/made-by-a-command.md", main)).isNull();
        assertThat(TreeWalk.forPath(results, "docs/moved", main).getFileMode())
            .isEqualTo(FileMode.EXECUTABLE_FILE);
      }
    }
  }

  @Test
  void aRunThatIsKilledEndsWithItsProcess(Millrace millrace) {
    try (AppBeside _ = AppBeside.inPlaceOf(millrace, new ClaudeWorkerApp(), running(COMMAND))) {
      // given
      String task = accepted(millrace, "Be SLOW");
      eventually().until(() -> PID.matcher(log(millrace, task)).find());
      Matcher pid = PID.matcher(log(millrace, task));
      assertThat(pid.find()).isTrue();
      ProcessHandle command = ProcessHandle.of(Long.parseLong(pid.group(1))).orElseThrow();

      // when
      Gateway.Answer killed =
          millrace
              .gateway()
              .post(
                  "/api/agents/%s/kill".formatted(agentId(millrace, task)),
                  "{\"reason\":\"enough\"}");

      // then
      assertThat(killed.status()).as(killed.text()).isEqualTo(202);
      eventually().until(() -> !command.isAlive());
      awaitStatus(millrace, task, "cancelled");
      eventually().until(() -> agent(millrace, task).path("status").asText().equals("killed"));
      assertThat(agent(millrace, task).path("container_id").asText())
          .isEqualTo("host-pid-" + command.pid());
    }
  }

  @Test
  void anAssignmentThatKillsItsWorkerIsGivenUpAfterFiveDeliveriesOrMore(Millrace millrace) {
    try (AppProcess worker =
        AppProcess.inPlaceOf(millrace, new ClaudeWorkerApp(), folder, running(COMMAND))) {
      // given
      ShareLocks.shorten(millrace, ShareLocks.JAVARI);
      // In no repository: a worker that has only just started may be longer at a clone than the
      // lock lasts, which then costs a delivery before the command is run.
      String task =
          millrace
              .gateway()
              .accepted("{\"taskType\":\"support\",\"payload\":{\"description\":\"Be POISON\"}}");

      // when
      Awaitility.await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> {
            if (!worker.isAlive()) {
              worker.killAndRestart();
            }
            return status(millrace, task).equals("failed");
          });

      // then
      assertThat(deadLetters(millrace, task))
          .as("a delivery counts whose lock ran out before a worker that starts came to it")
          .singleElement(STRING)
          .matches("exhausted after ([5-9]): delivered \\1 times without an end");
      JsonNode failed = millrace.gateway().get("/api/tasks/" + task).json();
      assertThat(failed.path("reason").asText()).contains("given up");
      assertThat(failed.path("attempt").asInt()).isEqualTo(1);
    } finally {
      ShareLocks.restore(millrace, ShareLocks.JAVARI);
      // A queue stops when a task of it has failed for good.
      millrace.gateway().post("/api/queue/resume", "{\"queue\":\"javari\"}");
    }
  }

  private Map<String, String> running(String command) {
    return Map.of(
        "WORKER_AGENTS",
        "javari",
        "AGENT_PROVIDERS",
        "javari=process",
        "AGENT_COMMAND",
        command,
        "AGENT_HEARTBEAT_INTERVAL",
        "1s",
        "WORKSPACES_DIR",
        folder.resolve("workspaces").toString());
  }

  private static List<String> deadLetters(Millrace millrace, String task) {
    return Queries.texts(
        millrace,
        """
        SELECT (payload->>'error') || ' after ' || (payload->>'attempts') || ': '
               || (payload->>'reason')
          FROM audit.records
         WHERE topic = 'dead.letters' AND key = ? AND payload->>'topic' LIKE 'agent.%'
        """,
        task);
  }

  private static String accepted(Millrace millrace, String description) {
    return millrace
        .gateway()
        .accepted(
            """
            {"taskType":"support","payload":{"description":"%s",
             "context":{"repository":"%s","branch":"main"}}}
            """
                .formatted(description, Millrace.RESULTS_REPOSITORY));
  }

  private static String agentId(Millrace millrace, String task) {
    return millrace.gateway().get("/api/tasks/" + task).json().path("run_id").asText();
  }

  private static JsonNode agent(Millrace millrace, String task) {
    return millrace.gateway().get("/api/agents/" + agentId(millrace, task)).json();
  }

  private static String log(Millrace millrace, String task) {
    return millrace.gateway().get("/api/agents/%s/logs".formatted(agentId(millrace, task))).text();
  }

  private static String status(Millrace millrace, String task) {
    return millrace.gateway().get("/api/tasks/" + task).json().path("status").asText();
  }

  private static void awaitStatus(Millrace millrace, String task, String status) {
    eventually().untilAsserted(() -> assertThat(status(millrace, task)).isEqualTo(status));
  }
}
