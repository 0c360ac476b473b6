package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.client.Agents;
import dev.millrace.client.Events;
import dev.millrace.client.Knowledge;
import dev.millrace.client.MillraceClient;
import dev.millrace.client.MillraceException;
import dev.millrace.client.NewTask;
import dev.millrace.client.Tasks;
import dev.millrace.gateway.http.Json;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.Priority;
import dev.millrace.schemas.task.TaskAction;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Java client speaks the API as this gateway does. */
class JavaClientTest {

  private final GatewayFixture gateway = GatewayFixture.start();
  private final MillraceClient client = client(GatewayFixture.API_KEY);

  private MillraceClient client(String key) {
    return MillraceClient.at(gateway.uri("/")).apiKey(key).retries(0, Duration.ZERO).build();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aTaskIsTakenAsItWasAskedForAndOnceForAKey() {
    NewTask wanted =
        NewTask.of("documentation", "Write it.")
            .withPriority("critical")
            .withTitle("T")
            .withTenant("acme")
            .in("acme/docs", "docs/a.md", "main")
            .withAttribute("commit", "false");

    Tasks.Accepted accepted = client.tasks().submit(wanted, "key-1");
    Tasks.Accepted again = client.tasks().submit(wanted, "key-1");

    assertThat(again).isEqualTo(accepted);
    assertThat(accepted.assignedAgent()).isEqualTo("claude");
    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(gateway.sink.values(Topics.TASK_REQUESTS)).hasSize(1);
    assertThat(request.getPriority()).isEqualTo(Priority.CRITICAL);
    assertThat(request.getContext().getBranch()).isEqualTo("main");
    assertThat(request.getAttributes()).containsEntry("commit", "false");
    assertThat(client.tasks().get(accepted.taskId()).status()).isEqualTo("pending");
  }

  @Test
  void commandsReachTheQueueOfTheTask() {
    Tasks.Accepted accepted = client.tasks().submit(NewTask.of("summary", "Sum up."));

    Tasks.Commanded cancelled = client.tasks().cancel(accepted.taskId(), "not needed");
    client.queues().change("claude", Map.of("max_concurrent", 4));
    client.queues().pause("javari");

    assertThat(cancelled.action()).isEqualTo("cancel");
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS))
        .extracting(TaskCommand::getAction)
        .containsExactly(TaskAction.CANCEL, TaskAction.CHANGE_SETTINGS, TaskAction.PAUSE);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS).getFirst().getReason())
        .isEqualTo("not needed");
  }

  @Test
  void agentsEventsAndDocumentsAreAskedForInTheirShapes() {
    Agents.Spawned spawned =
        client.agents().spawn(new Agents.Spawn("reviewer", "Review the latest change."));
    Events.Created created =
        client.events().create("deploy.requested", "desk", Map.of("repository", "acme/docs"));
    Knowledge.Indexed indexed =
        client.knowledge().addText("Hours", "# Hours\n\nNine to five.", null);
    int accepted = client.health().pushMetric("shop", "memory_percent", 71.5, "percent");

    assertThat(spawned.assignedAgent()).isEqualTo("claude");
    assertThat(created.eventType()).isEqualTo("deploy.requested");
    assertThat(created.processed()).isFalse();
    assertThat(indexed.requestId()).as("the embedding worker is away: 202").isNotNull();
    assertThat(accepted).isEqualTo(1);
    assertThat(client.knowledge().ask("When?").answered()).isFalse();
    assertThat(client.knowledge().search("mill", 3, "hybrid", Knowledge.Filter.ALL).count())
        .isZero();
    assertThat(client.events().streamToken().accessToken()).isNotBlank();
  }

  @Test
  void listsAreReadWithTheirCursors() {
    gateway.rows.set(
        List.of(
            Json.object()
                .put("task_id", "t-2")
                .put("status", "completed")
                .put("attempt", 1)
                .put("created_at", "2026-01-02T00:00:00Z"),
            Json.object()
                .put("task_id", "t-1")
                .put("status", "failed")
                .put("attempt", 3)
                .put("created_at", "2026-01-01T00:00:00Z")));

    var page = client.tasks().list(Tasks.Filter.ALL, 1, Optional.empty());

    assertThat(page.items()).extracting(Tasks.Task::taskId).containsExactly("t-2");
    assertThat(client.tasks().list(Tasks.Filter.ALL, 1, page.next()).items()).hasSize(1);
    assertThatThrownBy(() ->
            client.tasks().list(new Tasks.Filter("lost", null, null, null), 1, Optional.empty()))
        .isInstanceOfSatisfying(
            MillraceException.class,
            refused -> assertThat(refused.errors().getFirst().field()).isEqualTo("status"));
  }

  @Test
  void refusalsSayWhatIsWrong() {
    assertThatThrownBy(() -> client("wrong").tasks().get("t-1"))
        .isInstanceOfSatisfying(
            MillraceException.class, refused -> assertThat(refused.status()).isEqualTo(401));
    assertThatThrownBy(() -> client.tasks().submit(NewTask.of("cooking", "x")))
        .isInstanceOfSatisfying(
            MillraceException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(400);
              assertThat(refused.errors().getFirst().field()).isEqualTo("/taskType");
            });
    gateway.losePostgres();
    assertThatThrownBy(() -> client.tasks().get("t-1"))
        .isInstanceOfSatisfying(
            MillraceException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(503);
              assertThat(refused.retryAfter()).contains(Duration.ofSeconds(5));
            });
  }
}
