package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dead letters that could not hold the record that they are about. */
@ExtendWith(WithMillrace.class)
class CutLettersIT {

  private final String topic = "it.letters-" + UUID.randomUUID();

  @BeforeEach
  void aRecord(Millrace millrace) throws Exception {
    millrace
        .kafka()
        .admin()
        .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
        .all()
        .get(30, TimeUnit.SECONDS);
    Properties settings = new Properties();
    settings.put("bootstrap.servers", millrace.pipeline().stack().addresses().bootstrapServers());
    try (Producer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      ProducerRecord<String, String> sent = new ProducerRecord<>(topic, "a key", "a whole value");
      sent.headers().add("tenant", "acme".getBytes(UTF_8));
      producer.send(sent).get(30, TimeUnit.SECONDS);
    }
    eventually().untilAsserted(() -> assertThat(records(millrace)).hasSize(1));
  }

  @Test
  void aLetterThatWasCutGoesBackAsTheMirrorHasItsRecord(Millrace millrace) throws Exception {
    // given
    String letter = cutLetter(millrace, 0);

    // when
    Gateway.Answer answer = sendBack(millrace, letter);

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    String record = "a key, a whole value, acme";
    eventually().untilAsserted(() -> assertThat(records(millrace)).containsExactly(record, record));
  }

  @Test
  void aLetterWhoseRecordIsNowhereStaysOpen(Millrace millrace) throws Exception {
    // given
    String letter = cutLetter(millrace, 4711);

    // when
    Gateway.Answer answer = sendBack(millrace, letter);

    // then
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.json().path("detail").asText())
        .contains(topic + ", partition 0, offset 4711");
    assertThat(millrace.gateway().get("/api/dead-letters/" + letter).json().path("status").asText())
        .isEqualTo("open");
  }

  private static Gateway.Answer sendBack(Millrace millrace, String letter) {
    return millrace
        .gateway()
        .post("/api/dead-letters/" + letter + "/send-back", "{\"reason\": \"it was mended\"}");
  }

  private List<String> records(Millrace millrace) {
    return millrace
        .owner()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT concat_ws(', ', key, convert_from(raw, 'UTF8'), headers ->> 'tenant')
                    FROM audit.records WHERE topic = :topic ORDER BY "offset"
                    """)
                .bind("topic", topic)
                .mapTo(String.class)
                .list());
  }

  /** Writes a letter about a record of the topic as one that did not fit; its identity. */
  private String cutLetter(Millrace millrace, long offset) throws Exception {
    String key = "cut-" + UUID.randomUUID();
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setTopic(topic)
            .setPartition(0)
            .setOffset(offset)
            .setCut(true)
            .setApp("it")
            .setError("exhausted")
            .setReason(key)
            .setFailedAt(Instant.now())
            .build();
    EventPublisher publisher = new EventPublisher(millrace.kafka(), Duration.ofSeconds(30));
    publisher.start();
    try {
      publisher.publishAndWait(
          Topics.DEAD_LETTERS, key, letter, EventContext.start("it", TraceContext.start()));
    } finally {
      publisher.stop();
    }
    String id = "SELECT id FROM dead_letters WHERE reason = ?";
    eventually().untilAsserted(() -> assertThat(Queries.texts(millrace, id, key)).hasSize(1));
    return Queries.texts(millrace, id, key).getFirst();
  }
}
