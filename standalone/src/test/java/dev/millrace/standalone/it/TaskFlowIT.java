package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.task.TaskRequest;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class TaskFlowIT {

  @Test
  void aTaskGoesToItsAgentWhichCommitsTheResult(Millrace millrace) throws Exception {
    // given
    String request =
        """
        {"taskType":"documentation","priority":"high","payload":{"description":"Describe it",
         "context":{"repository":"%s","filePath":"docs/described.md","branch":"main"}}}
        """
            .formatted(Millrace.RESULTS_REPOSITORY);

    // when
    Gateway.Answer answer = millrace.gateway().post("/api/orchestrator", request);

    // then
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("success").asBoolean()).isTrue();
    assertThat(answer.json().path("assigned_agent").asText()).isEqualTo("claude");
    assertThat(answer.json().path("status").asText()).isEqualTo("pending");
    String task = answer.json().path("task_id").asText();
    JsonNode done = awaitStatus(millrace, task, "completed");
    assertThat(eventTypes(done))
        .contains(
            "task_created",
            "task_queued",
            "task_dispatched",
            "agent_started",
            "agent_finished",
            "commit",
            "task_completed");
    try (Git git = Git.open(millrace.results().toFile())) {
      assertThat(git.log().add(git.getRepository().resolve("main")).call())
          .anyMatch(commit -> commit.getFullMessage().contains("Millrace-Task: " + task));
    }
  }

  @Test
  void aTaskListsTheRepositoriesThatItMayRead(Millrace millrace) {
    // given
    String request =
        """
        {"taskType":"summary","payload":{"description":"Sum up","context":
         {"repository":"%s","branch":"main","repositories":["it/further","it/more"]}}}
        """
            .formatted(Millrace.RESULTS_REPOSITORY);

    // when
    String task = millrace.gateway().accepted(request);

    // then
    JsonNode done = awaitStatus(millrace, task, "completed");
    assertThat(done.path("repositories"))
        .extracting(JsonNode::asText)
        .containsExactly("it/further", "it/more");
    assertThat(
            Queries.texts(
                millrace,
                "SELECT array_to_string(repos, ' ') FROM public.tasks WHERE id = ?",
                task))
        .containsExactly(Millrace.RESULTS_REPOSITORY + " it/further it/more");
  }

  @Test
  void aTaskIsFoundAtOnceAfterItWasAccepted(Millrace millrace) {
    // when
    String task = millrace.gateway().accepted(NOOP);

    // then
    assertThat(millrace.gateway().get("/api/tasks/" + task).status()).isEqualTo(200);
  }

  @Test
  void aTaskThatIsProcessedOnDemandIsAnsweredWithItsCommit(Millrace millrace) {
    // given
    String task =
        millrace
            .gateway()
            .accepted(
                """
                {"taskType":"documentation","priority":"critical",
                 "payload":{"description":"Describe it on demand",
                  "context":{"repository":"%s","filePath":"docs/on-demand.md","branch":"main"}}}
                """
                    .formatted(Millrace.RESULTS_REPOSITORY));

    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .post("/functions/v1/processClaudeTask", "{\"taskId\":\"%s\"}".formatted(task));

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("taskId").asText()).isEqualTo(task);
    assertThat(answer.json().path("commit_sha").asText()).matches("[0-9a-f]{40}");
  }

  @Test
  void everyEventOfATaskIsInTheTraceOfItsRequest(Millrace millrace) {
    // given
    String trace = UUID.randomUUID().toString().replace("-", "");

    // when
    String task = acceptedWith(millrace, "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

    // then
    JsonNode done = awaitStatus(millrace, task, "completed");
    assertThat(done.path("history"))
        .isNotEmpty()
        .allMatch(event -> event.path("trace_id").asText().equals(trace));
  }

  @Test
  void aRequestOfAnOutsideProducerWithoutHeadersIsDone(Millrace millrace) throws Exception {
    // given
    String task = UUID.randomUUID().toString();
    TaskRequest request = request(task, "documentation");

    // when
    writeFromOutside(millrace, new ProducerRecord<>(Topics.TASK_REQUESTS.name(), task, request));

    // then
    awaitStatus(millrace, task, "completed");
  }

  @Test
  void aTaskThatIsWrittenWithoutATimestampIsDone(Millrace millrace) throws Exception {
    // given
    String task = UUID.randomUUID().toString();
    TaskRequest request = request(task, "documentation");

    // when
    writeFromOutside(millrace, new WithoutTimestamp<>(Topics.TASK_REQUESTS.name(), task, request));

    // then
    awaitStatus(millrace, task, "completed");
    assertThat(
            Queries.count(
                millrace,
                "SELECT count(*) FROM ai_tasks WHERE task_id = ? AND completed_at - created_at < interval '1 hour'",
                task))
        .isEqualTo(1);
  }

  /** What Kafka's own client writes for it has no timestamp, as that of other clients may have. */
  private static final class WithoutTimestamp<V> extends ProducerRecord<String, V> {

    WithoutTimestamp(String topic, String key, V value) {
      super(topic, key, value);
    }

    @Override
    public Long timestamp() {
      return -1L;
    }
  }

  @Test
  void anUnknownTaskTypeOfAnOutsideProducerIsRejectedWithTheReason(Millrace millrace)
      throws Exception {
    // given
    String task = UUID.randomUUID().toString();
    TaskRequest request = request(task, "juggling");

    // when
    writeFromOutside(millrace, new ProducerRecord<>(Topics.TASK_REQUESTS.name(), task, request));

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT data->>'reason' FROM ai_events"
                            + " WHERE event_type = 'task_rejected' AND task_id = ?",
                        task))
                .singleElement()
                .asString()
                .contains("juggling"));
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM audit.records WHERE topic = 'dead.letters'"
                            + " AND key = ?",
                        task))
                .isEqualTo(1));
  }

  @Test
  void aRequestWithAnIdempotencyKeyIsOneTaskHoweverOftenItComes(Millrace millrace) {
    // given
    String key = UUID.randomUUID().toString();
    List<String> tasks = new ArrayList<>();

    // when
    for (int i = 0; i < 3; i++) {
      tasks.add(acceptedWith(millrace, "Idempotency-Key", key));
    }

    // then
    assertThat(tasks).doesNotContain("").containsOnly(tasks.getFirst());
  }

  private static final String NOOP =
      """
      {"taskType":"documentation","payload":{"description":"Nothing"},"attributes":{"noop":"true"}}
      """;

  /** Asks for a task with a header besides; returns its id. */
  private static String acceptedWith(Millrace millrace, String header, String value) {
    Gateway gateway = millrace.gateway();
    Gateway.Answer answer =
        gateway.send(
            gateway
                .request("/api/orchestrator")
                .header("X-API-Key", gateway.apiKey())
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(HttpRequest.BodyPublishers.ofString(NOOP)));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().path("task_id").asText();
  }

  private static TaskRequest request(String task, String type) {
    return TaskRequest.newBuilder()
        .setTaskId(task)
        .setTaskType(type)
        .setDescription("From a producer of its own")
        .setAttributes(Map.of("noop", "true"))
        .build();
  }

  private static void writeFromOutside(
      Millrace millrace, ProducerRecord<String, SpecificRecord> record) throws Exception {
    try (Producer<String, SpecificRecord> producer = outsideProducer(millrace)) {
      producer.send(record).get(30, TimeUnit.SECONDS);
    }
  }

  private static JsonNode awaitStatus(Millrace millrace, String task, String status) {
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo(status));
    // The last event of the history may be written a moment after the task itself.
    eventually()
        .until(() ->
            eventTypes(millrace.gateway().get("/api/tasks/" + task).json())
                .contains("task_" + status));
    return millrace.gateway().get("/api/tasks/" + task).json();
  }

  private static List<String> eventTypes(JsonNode task) {
    List<String> types = new ArrayList<>();
    task.path("history").forEach(event -> types.add(event.path("event_type").asText()));
    return types;
  }

  /** A plain producer with the registry's own serializer, as an outside service has it. */
  private static Producer<String, SpecificRecord> outsideProducer(Millrace millrace) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", millrace.pipeline().stack().addresses().bootstrapServers());
    settings.put("key.serializer", StringSerializer.class.getName());
    settings.put("value.serializer", "io.apicurio.registry.serde.avro.AvroKafkaSerializer");
    settings.put(
        "apicurio.registry.url",
        millrace.pipeline().stack().addresses().registry() + "/apis/registry/v3");
    settings.put("apicurio.registry.auto-register", "true");
    settings.put("apicurio.registry.dereference-schema", "true");
    settings.put("delivery.timeout.ms", (int) Duration.ofSeconds(30).toMillis());
    settings.put("request.timeout.ms", (int) Duration.ofSeconds(10).toMillis());
    return new KafkaProducer<>(settings);
  }
}
