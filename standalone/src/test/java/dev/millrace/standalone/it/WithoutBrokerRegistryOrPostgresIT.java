package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the pipeline stands on goes away and comes back; nothing is lost and nothing restarted. */
@ExtendWith(WithMillrace.class)
class WithoutBrokerRegistryOrPostgresIT {

  private static final String NOOP =
      """
      {"taskType":"documentation","payload":{"description":"Nothing"},"attributes":{"noop":"true"}}
      """;

  @AfterEach
  void everyAppIsReadyAgainAndTheWatchedServiceHealthy(Millrace millrace)
      throws InterruptedException {
    millrace.pipeline().awaitReady(progress -> {});
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT status FROM health_projects WHERE project = ?",
                        WatchedService.PROJECT))
                .containsExactly("healthy"));
  }

  @Test
  void withoutPostgresTasksAreTakenAndDoneAndTheMirrorCatchesUp(Millrace millrace) {
    // given
    millrace.pipeline().stack().postgres().stop();
    List<String> tasks = new ArrayList<>();

    // when
    try {
      for (int i = 0; i < 20; i++) {
        tasks.add(accepted(millrace));
      }
      eventually()
          .until(() -> {
            Map<String, String> notReady = millrace.pipeline().notReady();
            return notReady.containsKey("audit-sink")
                && notReady.get("audit-sink").contains("postgres");
          });
      assertThat(millrace.gateway().get("/api/events").status()).isEqualTo(503);
    } finally {
      millrace.pipeline().stack().postgres().start();
    }

    // then
    awaitCompleted(millrace, tasks);
  }

  @Test
  void withoutTheRegistryKnownEventsGoOn(Millrace millrace) {
    // given
    awaitCompleted(millrace, List.of(accepted(millrace)));
    millrace.pipeline().stack().registry().stop();
    List<String> tasks = new ArrayList<>();

    // when
    try {
      for (int i = 0; i < 5; i++) {
        tasks.add(accepted(millrace));
      }
      eventually()
          .until(() ->
              millrace
                  .pipeline()
                  .notReady()
                  .getOrDefault("task-router", "")
                  .contains("schema-registry"));
      awaitCompleted(millrace, tasks);
    } finally {
      millrace.pipeline().stack().registry().start(elapsed -> {});
    }

    // then
    awaitCompleted(millrace, List.of(accepted(millrace)));
  }

  @Test
  void aRestartOfTheBrokerLosesNothing(Millrace millrace) {
    // given
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tasks.add(accepted(millrace));
    }

    // when
    millrace.pipeline().stack().kafka().stop();
    try {
      assertThat(millrace.gateway().post("/api/orchestrator", NOOP).status()).isEqualTo(503);
    } finally {
      millrace.pipeline().stack().kafka().start();
    }

    // then
    eventually().until(() -> millrace.gateway().post("/api/orchestrator", NOOP).status() == 200);
    awaitCompleted(millrace, tasks);
  }

  private static String accepted(Millrace millrace) {
    return millrace.gateway().accepted(NOOP);
  }

  private static void awaitCompleted(Millrace millrace, List<String> tasks) {
    eventually()
        .untilAsserted(() ->
            assertThat(tasks)
                .allSatisfy(task ->
                    assertThat(
                            Queries.texts(
                                millrace, "SELECT status FROM ai_tasks WHERE task_id = ?", task))
                        .containsExactly("completed")));
  }
}
