package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.router.TaskRouterApp;
import dev.millrace.worker.ClaudeWorkerApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Routers and workers are killed again and again while tasks run, each time without a warning. How
 * often is set by the system property {@value #KILLS}.
 */
@ExtendWith(WithMillrace.class)
class WithoutRouterOrWorkerIT {

  static final String KILLS = "millrace.it.kills";

  private static final int DEFAULT_KILLS = 6;
  private static final int TASKS_PER_KILL = 10;
  private static final int MAX_CONCURRENT = 3;
  private static final String QUEUE = "chatgpt";

  private static final String TASK =
      """
      {"taskType":"summary","payload":{"description":"Sleep a little"},"tenant":"kills"}
      """;

  /** What holds a slot begins with its dispatch and ends with the next step that gives it back. */
  private static final String MOST_AT_ONCE =
      """
      WITH steps AS (
        SELECT payload->>'type' AS type, payload->>'task_id' AS task,
               (payload->>'occurred_at')::timestamptz AS at, payload->>'queue' AS queue,
               lag(payload->>'type') OVER w AS before
          FROM audit.records
         WHERE topic = 'task.events' AND payload->>'task_id' IS NOT NULL
           AND payload->>'type' <> 'PROGRESSED'
        WINDOW w AS (PARTITION BY payload->>'task_id' ORDER BY "offset")
      ), changes AS (
        SELECT at, CASE WHEN type = 'DISPATCHED' THEN 1 ELSE -1 END AS change
          FROM steps
         WHERE queue = ?
           AND (type = 'DISPATCHED'
                OR before IN ('DISPATCHED', 'STARTED') AND type <> 'STARTED')
      )
      SELECT coalesce(max(running), 0) FROM (
        SELECT sum(change) OVER (ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS running
          FROM changes) r
      """;

  @TempDir private Path folder;
  private AppProcess router;
  private AppProcess worker;

  @BeforeEach
  void routerAndWorkerInProcessesOfTheirOwn(Millrace millrace) {
    router =
        AppProcess.inPlaceOf(
            millrace,
            new TaskRouterApp(),
            folder,
            Map.of(
                "QUEUE_SETTINGS",
                    QUEUE + ".max_concurrent=" + MAX_CONCURRENT + "," + QUEUE + ".max_attempts=100",
                "QUEUE_RETRY_BACKOFF", "100ms",
                "QUEUE_RETRY_MAX_BACKOFF", "500ms",
                "RUN_LEASE", "5s",
                "RUN_START_TIMEOUT", "5s"));
    worker =
        AppProcess.inPlaceOf(
            millrace,
            new ClaudeWorkerApp(),
            folder,
            Map.of(
                "WORKER_AGENTS",
                QUEUE,
                "WORKER_SLOTS",
                "4",
                "AGENT_PROVIDERS",
                QUEUE + "=process",
                "AGENT_COMMAND",
                "sleep 0.2",
                "AGENT_HEARTBEAT_INTERVAL",
                "500ms",
                "WORKSPACES_DIR",
                folder.resolve("workspaces").toString()));
  }

  @AfterEach
  void theAppsOfThePipelineAgain() {
    router.close();
    worker.close();
  }

  @Test
  void neitherTheLimitNorATaskIsLostHoweverOftenTheyAreKilled(Millrace millrace)
      throws InterruptedException {
    // given
    int kills = Integer.getInteger(KILLS, DEFAULT_KILLS);
    Random random = new Random(7);
    List<String> tasks = new ArrayList<>();

    // when
    for (int kill = 0; kill < kills; kill++) {
      long doneBefore = completed(millrace);
      for (int i = 0; i < TASKS_PER_KILL; i++) {
        tasks.add(accepted(millrace));
      }
      awaitMoreThan(millrace, doneBefore + random.nextInt(TASKS_PER_KILL / 2));
      (random.nextBoolean() ? router : worker).killAndRestart();
    }

    // then
    awaitMoreThan(millrace, tasks.size() - 1L);
    assertThat(completed(millrace)).as("tasks that were completed").isEqualTo(tasks.size());
    assertThat(
            Queries.count(
                millrace,
                """
                SELECT count(*) FROM (
                  SELECT 1 FROM audit.records
                   WHERE topic = 'task.events' AND payload->>'type' = 'COMPLETED'
                     AND payload->>'queue' = ?
                   GROUP BY payload->>'task_id' HAVING count(*) > 1) twice
                """,
                QUEUE))
        .as("tasks that were completed twice")
        .isZero();
    assertThat(Queries.count(millrace, MOST_AT_ONCE, QUEUE))
        .as("tasks that ran at the same time, at most")
        .isEqualTo(MAX_CONCURRENT);
  }

  private static String accepted(Millrace millrace) {
    return millrace.gateway().accepted(TASK);
  }

  private static long completed(Millrace millrace) {
    return Queries.count(
        millrace, "SELECT count(*) FROM ai_tasks WHERE tenant = 'kills' AND status = 'completed'");
  }

  private void awaitMoreThan(Millrace millrace, long done) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(completed(millrace))
                .as(() -> router.printed() + "\n" + worker.printed())
                .isGreaterThan(done));
  }
}
