package dev.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.gateway.GatewayFixture.Answer;
import dev.millrace.runtime.routing.WorkflowTasks;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Queues of tenants, tasks that wait in no queue, and providers that are not asked. */
class QueueStandingTest {

  /** A task that begins a flow of the development workflow. */
  private static final String FLOW =
      """
      {"taskType": "code", "payload": {"description": "x", "context": {"repository": "acme/site"}}}
      """;

  private GatewayFixture gateway;

  @BeforeEach
  void start() {
    gateway =
        GatewayFixture.start(
            Map.of("TASK_TENANT_QUEUES", "claude", "USE_MULTI_AGENT_EVENTS", "true"));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aProviderThatIsNotAskedIsShownWithItsQueue() {
    gateway
        .gateway
        .tasks()
        .saw(
            snapshot("claude", 3)
                .setProvider("anthropic")
                .setCircuit("open")
                .setCircuitUntil(Instant.parse("2026-01-01T00:02:00Z"))
                .setCircuitReason("rate_limited: too many requests")
                .build());
    gateway.rows.set(List.of());

    JsonNode provider =
        gateway.getWithKey("/api/queue").json().get("queues").get(0).get("provider");

    assertThat(provider.get("name").asString()).isEqualTo("anthropic");
    assertThat(provider.get("circuit").asString()).isEqualTo("open");
    assertThat(provider.get("until").asString()).isEqualTo("2026-01-01T00:02:00Z");
    assertThat(provider.get("reason").asString()).contains("rate_limited");
  }

  @Test
  void aTenantWhoseQueueIsFullIsRefusedAndOthersAreNot() {
    gateway.gateway.tasks().saw(snapshot("claude@acme", 2).build());

    Answer refused = gateway.postWithKey("/api/orchestrator", task("acme"));
    Answer accepted = gateway.postWithKey("/api/orchestrator", task("umbra"));

    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().get("detail").asString()).contains("claude@acme");
    assertThat(accepted.status()).isEqualTo(200);
  }

  @Test
  void theQueueOfATenantIsPausedByItsName() {
    Answer paused = gateway.postWithKey("/api/queue/pause", "{\"queue\": \"claude@acme\"}");
    Answer unknown = gateway.postWithKey("/api/queue/pause", "{\"queue\": \"chatgpt@acme\"}");

    assertThat(paused.status()).isEqualTo(200);
    assertThat(gateway.sink.values(Topics.TASK_COMMANDS).getLast().getQueue())
        .isEqualTo("claude@acme");
    assertThat(unknown.status()).isEqualTo(400);
  }

  @Test
  void theQueueOfATenantIsPausedAndSetHoweverLongItsNameIs() {
    String queue = "claude@" + "t".repeat(100);

    Answer paused = gateway.postWithKey("/api/queue/pause", "{\"queue\": \"%s\"}".formatted(queue));
    Answer set =
        gateway.postWithKey(
            "/api/queue/settings", "{\"queue\": \"%s\", \"capacity\": 5}".formatted(queue));

    assertThat(paused.status()).isEqualTo(200);
    assertThat(set.status()).isEqualTo(200);
    assertThat(gateway.sink.<TaskCommand>values(Topics.TASK_COMMANDS))
        .extracting(TaskCommand::getQueue)
        .containsExactly(queue, queue);
  }

  @Test
  void aCommandToATaskThatOnlyTheGatewayKnowsYetNamesItsQueue() {
    String ofTenant = accepted(task("acme"));
    String flow = accepted(FLOW);

    gateway.postWithKey("/api/tasks/" + ofTenant + "/pause", "");
    gateway.postWithKey("/api/tasks/" + flow + "/cancel", "");

    assertThat(gateway.sink.values(Topics.TASK_COMMANDS))
        .extracting(TaskCommand::getQueue)
        .containsExactly("claude@acme", "workflow");
  }

  @Test
  void aFlowNeedsNoRoomInTheQueueOfItsAgent() {
    gateway.gateway.tasks().saw(snapshot("claude", 2).build());

    assertThat(gateway.postWithKey("/api/orchestrator", FLOW).status()).isEqualTo(200);
  }

  @Test
  void anAgentCalledByItsNameIsOneRunAndNoFlow() {
    gateway.postWithKey(
        "/api/agents/spawn",
        "{\"agent_type\": \"claude\", \"prompt\": \"x\", \"repository\": \"acme/site\"}");

    TaskRequest request = gateway.sink.values(Topics.TASK_REQUESTS).getFirst();
    assertThat(request.getAttributes()).containsEntry("role", "coding");
    assertThat(new WorkflowTasks(true, Set.of("code")).takes(request)).isFalse();
  }

  private String accepted(String task) {
    return gateway.postWithKey("/api/orchestrator", task).json().get("task_id").asString();
  }

  private static QueueSnapshot.Builder snapshot(String queue, int backlog) {
    return QueueSnapshot.newBuilder()
        .setQueue(queue)
        .setBacklog(backlog)
        .setRunning(1)
        .setPauses(List.of())
        .setSettings(Map.of("capacity", "2"))
        .setObservedAt(Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static String task(String tenant) {
    return """
    {"taskType": "code", "tenant": "%s", "payload": {"description": "x"}}
    """
        .formatted(tenant);
  }
}
