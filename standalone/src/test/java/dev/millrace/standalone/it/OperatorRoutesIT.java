package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.gateway.IngestGatewayApp;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators do to agents, events and a queue, which is paused meanwhile. */
@ExtendWith(WithMillrace.class)
class OperatorRoutesIT {

  private static final String SPAWN =
      """
      {"agent_type":"javari","task_type":"support","prompt":"Nothing","attributes":{"noop":"true"}}
      """;

  private final String source = "it-" + UUID.randomUUID();

  @BeforeEach
  void pauseTheQueueByKeyAndValue(Millrace millrace) {
    set(millrace, "{\"queue\":\"javari\",\"key\":\"paused\",\"value\":true}");
    awaitPaused(millrace, true);
  }

  @AfterEach
  void resumeIt(Millrace millrace) {
    set(millrace, "{\"queue\":\"javari\",\"key\":\"paused\",\"value\":\"false\"}");
    awaitPaused(millrace, false);
  }

  @Test
  void aSpawnedAgentIsListedAndActiveBeforeItIsDispatched(Millrace millrace) {
    // when
    JsonNode spawned = spawn(millrace);

    // then
    String id = spawned.path("agent_id").asText();
    assertThat(active(millrace)).contains(id);
    JsonNode listed =
        millrace
            .gateway()
            .get("/api/agents?status=starting&task_id=" + spawned.path("task_id").asText())
            .json()
            .path("agents");
    assertThat(listed.findValuesAsText("id")).containsExactly(id);
    assertThat(listed.path(0).path("agent_type").asText()).isEqualTo("javari");
  }

  @Test
  void aTaskThatIsTakenOutOfItsQueueIsAddedAgainAndDone(Millrace millrace) {
    // given
    JsonNode spawned = spawn(millrace);
    String task = spawned.path("task_id").asText();
    awaitStatus(millrace, task, "queued");

    // when
    assertThat(delete(millrace, "/api/queue/" + task).status()).isEqualTo(200);
    awaitStatus(millrace, task, "cancelled");
    assertThat(active(millrace)).doesNotContain(spawned.path("agent_id").asText());
    Gateway.Answer added = millrace.gateway().post("/api/queue/add/" + task, "");

    // then
    assertThat(added.status()).as(added.text()).isEqualTo(200);
    resumeIt(millrace);
    awaitStatus(millrace, task, "completed");
  }

  @Test
  void anAgentThatWasKilledBeforeItRanIsTriedAgain(Millrace millrace) {
    // given
    JsonNode spawned = spawn(millrace);
    String agent = "/api/agents/" + spawned.path("agent_id").asText();
    String task = spawned.path("task_id").asText();
    assertThat(millrace.gateway().post(agent + "/kill", "").status()).isEqualTo(202);
    awaitStatus(millrace, task, "cancelled");

    // when
    Gateway.Answer retried = millrace.gateway().post(agent + "/retry", "");

    // then
    assertThat(retried.status()).as(retried.text()).isEqualTo(202);
    resumeIt(millrace);
    awaitStatus(millrace, task, "completed");
  }

  @Test
  void theListOfWhatIsCompletedIsClearedForOneQueue(Millrace millrace) {
    // given
    String task = spawn(millrace).path("task_id").asText();
    resumeIt(millrace);
    eventually().until(() -> completed(millrace).contains(task));

    // when
    Gateway.Answer cleared = millrace.gateway().post("/api/queue/clear", "{\"queue\":\"javari\"}");

    // then
    assertThat(cleared.status()).as(cleared.text()).isEqualTo(200);
    eventually().until(() -> !completed(millrace).contains(task));
  }

  @Test
  void anEventIsPendingUntilItIsMarkedAndOneOfAPlatformNeverIs(Millrace millrace) {
    // given
    String event = created(millrace);
    millrace.gateway().platformEvent(event("it.told"));
    eventually().until(() -> listed(millrace, "/api/events?source=" + source).size() == 2);
    assertThat(listed(millrace, "/api/events/pending")).containsExactly(event);

    // when
    Gateway.Answer marked = millrace.gateway().post("/api/events/" + event + "/processed", "");

    // then
    assertThat(marked.status()).as(marked.text()).isEqualTo(200);
    eventually()
        .untilAsserted(
            () -> assertThat(listed(millrace, "/api/events/processed")).hasSize(2).contains(event));
    assertThat(listed(millrace, "/api/events/pending")).isEmpty();
    assertThat(millrace.gateway().get("/api/events?source=" + source).json().path("events"))
        .allMatch(row -> row.path("processed").asBoolean());
  }

  @Test
  void anEventThatMovedAFlowIsProcessed(Millrace millrace) {
    // given
    String event = created(millrace);
    eventually().until(() -> listed(millrace, "/api/events/pending").contains(event));

    // when
    step(millrace, event);

    // then
    assertThat(listed(millrace, "/api/events/pending")).isEmpty();
    assertThat(listed(millrace, "/api/events/processed")).containsExactly(event);
  }

  @Test
  void aPageOfAnotherOriginMayCallWhereThatIsAllowed(Millrace millrace) {
    // given
    IngestGatewayApp app = new IngestGatewayApp();
    try (AppBeside _ =
        AppBeside.start(millrace, app, Map.of("GATEWAY_CORS_ORIGINS", "https://console.example"))) {
      Gateway gateway = millrace.gatewayAt(app.uri());

      // when
      Gateway.Answer preflight =
          gateway.send(
              gateway
                  .request("/api/queue")
                  .header("Origin", "https://console.example")
                  .header("Access-Control-Request-Method", "GET")
                  .header("Access-Control-Request-Headers", "x-api-key")
                  .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

      // then
      assertThat(preflight.header("Access-Control-Allow-Origin"))
          .isEqualTo("https://console.example");
    }
  }

  private static JsonNode spawn(Millrace millrace) {
    Gateway.Answer answer = millrace.gateway().post("/api/agents/spawn", SPAWN);
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json();
  }

  private static List<String> active(Millrace millrace) {
    return texts(millrace.gateway().get("/api/agents/active").json().path("active"));
  }

  private static List<String> completed(Millrace millrace) {
    return millrace
        .gateway()
        .get("/api/queue?queue=javari")
        .json()
        .path("completed")
        .findValuesAsText("id");
  }

  private String event(String type) {
    return "{\"eventType\":\"%s\",\"source\":\"%s\",\"data\":{}}".formatted(type, source);
  }

  /** An event that somebody is to process; its id. */
  private String created(Millrace millrace) {
    Gateway.Answer answer = millrace.gateway().post("/api/events", event("it.asked"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("event_id").asText();
  }

  /** Ids of the events of this test in a list. */
  private List<String> listed(Millrace millrace, String path) {
    return millrace
        .gateway()
        .get(path)
        .json()
        .path("events")
        .valueStream()
        .filter(event -> event.path("source").asText().equals(source))
        .map(event -> event.path("event_id").asText())
        .toList();
  }

  /** A step of a flow, as the mirror has it, that an event led to. */
  private void step(Millrace millrace, String cause) {
    millrace
        .owner()
        .useHandle(handle ->
            handle.execute(
                """
                INSERT INTO ai_events (event_id, event_type, source, subject, data, trace_id, topic,
                                       partition, "offset", "timestamp")
                VALUES (?, 'deploy.requested', 'task-router', 'flow', jsonb_build_object('cause_id', ?::text),
                        '', 'workflow.events', 0, 0, now())
                """,
                source,
                cause));
  }

  private static void set(Millrace millrace, String setting) {
    Gateway.Answer answer = millrace.gateway().post("/api/queue/settings", setting);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
  }

  private static void awaitPaused(Millrace millrace, boolean paused) {
    eventually()
        .untilAsserted(() ->
            assertThat(
                    millrace
                        .gateway()
                        .get("/api/queue/settings?queue=javari")
                        .json()
                        .path("paused")
                        .asBoolean())
                .isEqualTo(paused));
  }

  private static void awaitStatus(Millrace millrace, String task, String status) {
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo(status));
  }

  private static Gateway.Answer delete(Millrace millrace, String path) {
    return millrace
        .gateway()
        .send(
            millrace
                .gateway()
                .request(path)
                .header("X-API-Key", millrace.gateway().apiKey())
                .DELETE());
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asText).toList();
  }
}
