package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.audit.rebuild.ReadModelRebuild;
import java.time.Instant;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators do with the record: replay it, mend what failed, derive it again. */
@ExtendWith(WithMillrace.class)
class AuditOperationsIT {

  @Test
  void aCorrectedDeadLetterIsProcessed(Millrace millrace) throws Exception {
    // given
    String task = "mended-" + UUID.randomUUID();
    String id = deadLetter(millrace, task);

    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/dead-letters/" + id + "/send-back",
                """
                {"reason": "it was no Avro", "by": "ada",
                 "value": {"task_id": "%s", "task_type": "documentation",
                           "description": "Say hello", "attributes": {"noop": "true"}}}
                """
                    .formatted(task));

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo("completed"));
    JsonNode letter = millrace.gateway().get("/api/dead-letters/" + id).json();
    assertThat(letter.path("status").asText()).isEqualTo("sent_back");
    assertThat(letter.at("/decisions/0/decided_by").asText()).isEqualTo("default/ada");
  }

  @Test
  void aCorrectionThatFitsNoSchemaIsRefused(Millrace millrace) throws Exception {
    String id = deadLetter(millrace, "unmended-" + UUID.randomUUID());

    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/dead-letters/" + id + "/send-back",
                "{\"reason\": \"x\", \"value\": {\"task_id\": 7}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("/value/task_id");
  }

  @Test
  void whatAFilterFindsIsDiscardedWithWhoAndWhy(Millrace millrace) throws Exception {
    // given
    String task = "hopeless-" + UUID.randomUUID();
    Instant before = Instant.now();
    String id = deadLetter(millrace, task);

    // when
    Gateway.Answer answer =
        millrace
            .gateway()
            .post(
                "/api/dead-letters/discard",
                """
                {"reason": "a test", "by": "ada",
                 "filter": {"topic": "task.requests", "error": "undecodable", "since": "%s"}}
                """
                    .formatted(before));

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.texts(
                        millrace,
                        "SELECT action || ' ' || decided_by || ' ' || reason"
                            + " FROM dead_letter_decisions WHERE letter_id = ?",
                        id))
                .containsExactly("discard default/ada a test"));
    assertThat(openLetters(millrace, task)).isZero();
  }

  @Test
  void aReplayKeepsIdentitiesAndHasNoEffects(Millrace millrace) {
    // given
    String task = completedTask(millrace);
    long runs = Queries.count(millrace, "SELECT count(*) FROM agents WHERE task_id = ?", task);

    // when
    JsonNode replay =
        Replays.run(
            millrace,
            """
            {"topics": ["agent.assignments.claude"], "key": "%s", "reason": "a rehearsal"}
            """
                .formatted(task));

    // then
    assertThat(replay.path("status").asText()).isEqualTo("completed");
    assertThat(replay.path("written").asLong()).isEqualTo(1);
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        """
                        SELECT count(*) FROM audit.records copy JOIN audit.records original
                          USING (topic, event_id)
                        WHERE copy.topic = 'agent.assignments.claude' AND copy.key = ?
                          AND copy.headers ->> 'millrace_replay_id' = ?
                          AND NOT jsonb_exists(original.headers, 'millrace_replay_id')
                        """,
                        task,
                        replay.path("replay_id").asText()))
                .isEqualTo(1));
    String again = completedTask(millrace);
    assertThat(Queries.count(millrace, "SELECT count(*) FROM agents WHERE task_id = ?", task))
        .as("runs of the replayed task, after task %s has run", again)
        .isEqualTo(runs);
    assertThat(
            Queries.count(
                millrace,
                "SELECT count(*) FROM audit.records WHERE topic = 'agent.events' AND"
                    + " jsonb_exists(headers, 'millrace_replay_id')"))
        .isZero();
  }

  @Test
  void aConditionOfAnOperatorCanOnlyRead(Millrace millrace) {
    JsonNode replay =
        Replays.run(
            millrace,
            """
            {"sql": "(SELECT setval('ai_events_id_seq', 1)) > 0", "dryRun": true, "reason": "x"}
            """);

    assertThat(replay.path("status").asText()).isEqualTo("failed");
    assertThat(replay.path("error").asText()).contains("Postgres refused it");
  }

  @Test
  void readModelsAreDerivedAgainWhileTheSinkRuns(Millrace millrace) throws Exception {
    // given
    String task = completedTask(millrace);
    String before = tasks(millrace);

    // when
    try (Handle handle = millrace.owner().open()) {
      new ReadModelRebuild(
              handle.getConnection(), millrace.kafka().serdes().registry()::schema, sentence -> {})
          .run();
    }

    // then
    assertThat(before).contains(task);
    assertThat(tasks(millrace)).isEqualTo(before);
    completedTask(millrace);
  }

  /** The tasks that are at their end: nothing changes them any more. */
  private static String tasks(Millrace millrace) {
    return Queries.texts(
            millrace,
            """
            SELECT string_agg(t::text, E'\\n' ORDER BY task_id) FROM ai_tasks t
            WHERE status = 'completed'
            """)
        .getFirst();
  }

  private static String completedTask(Millrace millrace) {
    String task =
        millrace
            .gateway()
            .post(
                "/api/orchestrator",
                """
                {"taskType": "documentation", "payload": {"description": "Say hello"}}
                """)
            .json()
            .path("task_id")
            .asText();
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace,
                        "SELECT count(*) FROM ai_tasks JOIN agents ON agents.id = run_id WHERE"
                            + " ai_tasks.task_id = ? AND ai_tasks.status = 'completed' AND"
                            + " agents.status = 'completed'",
                        task))
                .isEqualTo(1));
    return task;
  }

  /** Submits bytes that are no Avro as a task; the identity of the dead letter they become. */
  private static String deadLetter(Millrace millrace, String task) throws Exception {
    produce(millrace, "task.requests", task, "this is no Avro".getBytes(UTF_8));
    eventually().untilAsserted(() -> assertThat(openLetters(millrace, task)).isEqualTo(1));
    return Queries.texts(millrace, "SELECT id FROM dead_letters WHERE key = ?", task).getFirst();
  }

  private static long openLetters(Millrace millrace, String key) {
    return millrace
        .gateway()
        .get("/api/dead-letters?limit=500&status=open")
        .json()
        .path("dead_letters")
        .findValuesAsText("key")
        .stream()
        .filter(key::equals)
        .count();
  }

  private static void produce(Millrace millrace, String topic, String key, byte[] value)
      throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", millrace.pipeline().stack().addresses().bootstrapServers());
    try (Producer<String, byte[]> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get(30, TimeUnit.SECONDS);
    }
  }
}
