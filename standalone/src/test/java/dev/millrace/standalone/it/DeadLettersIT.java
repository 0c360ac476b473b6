package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.catalogue.Topics;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(WithMillrace.class)
class DeadLettersIT {

  private static final byte[] NOT_AVRO = "hello, this is no Avro".getBytes(UTF_8);
  private static final byte[] UNKNOWN_SCHEMA = {0, 0x7f, 0x7f, 0x7f, 0x7f, 2, 4, 6};

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task.requests",
        "learning.signals",
        "health.metrics",
        "document.changes",
        "agent.assignments.claude",
        "agent.commands",
        "remediation.commands"
      })
  void bytesThatAreNoEventBecomeDeadLettersAndTheStreamGoesOn(String topic, Millrace millrace)
      throws Exception {
    // given
    String key = "undecodable-" + UUID.randomUUID();

    // when
    try (Producer<String, byte[]> producer = producer(millrace)) {
      producer.send(new ProducerRecord<>(topic, key, NOT_AVRO)).get(30, TimeUnit.SECONDS);
      producer.send(new ProducerRecord<>(topic, key, UNKNOWN_SCHEMA)).get(30, TimeUnit.SECONDS);
    }

    // then
    eventually()
        .untilAsserted(() ->
            assertThat(deadLetters(millrace, key))
                .containsExactlyInAnyOrder("undecodable", "unknown_schema"));
    aTaskIsDone(millrace);
  }

  @Test
  void aCommandThatCannotBeReadIsOneDeadLetterHoweverOftenWorkersReadIt(Millrace millrace)
      throws Exception {
    // given
    String key = "undecodable-" + UUID.randomUUID();
    try (Producer<String, byte[]> producer = producer(millrace)) {
      producer
          .send(new ProducerRecord<>(Topics.AGENT_COMMANDS.name(), key, NOT_AVRO))
          .get(30, TimeUnit.SECONDS);
    }
    eventually()
        .untilAsserted(() -> assertThat(deadLetters(millrace, key)).containsExactly("undecodable"));

    // when
    millrace.pipeline().stopApp("claude-worker");
    millrace.pipeline().startApp("claude-worker");

    // then: it takes no run before it has read all commands again
    aTaskIsDone(millrace);
    assertThat(deadLetters(millrace, key)).containsExactly("undecodable");
  }

  private static void aTaskIsDone(Millrace millrace) {
    String task =
        millrace
            .gateway()
            .post(
                "/api/orchestrator",
                """
                {"taskType":"documentation","payload":{"description":"After it"},
                 "attributes":{"noop":"true"}}
                """)
            .json()
            .path("task_id")
            .asText();
    eventually()
        .untilAsserted(() ->
            assertThat(millrace.gateway().get("/api/tasks/" + task).json().path("status").asText())
                .isEqualTo("completed"));
  }

  private static List<String> deadLetters(Millrace millrace, String key) {
    return Queries.texts(
        millrace,
        "SELECT payload->>'error' FROM audit.records WHERE topic = ? AND key = ?",
        Topics.DEAD_LETTERS.name(),
        key);
  }

  private static Producer<String, byte[]> producer(Millrace millrace) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", millrace.pipeline().stack().addresses().bootstrapServers());
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }
}
