package dev.millrace.standalone.it;

import static dev.millrace.standalone.it.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.AuditSinkApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A sink that dies (SIGKILL) in the middle of a replay; the next goes on with it. */
@ExtendWith(WithMillrace.class)
class KilledReplayIT {

  private static final String SOURCE = "it.replay-source";
  private static final String TARGET = "it.replay-target";
  private static final int RECORDS = 3_000;
  private static final int RATE = 400;
  private static final int KILLS = 3;

  @TempDir private Path folder;

  @BeforeEach
  void takeThePlaceOfTheSink(Millrace millrace) throws Exception {
    millrace
        .kafka()
        .admin()
        .createTopics(
            List.of(new NewTopic(SOURCE, 3, (short) 1), new NewTopic(TARGET, 1, (short) 1)))
        .all()
        .get(30, TimeUnit.SECONDS);
    produce(millrace);
    eventually()
        .untilAsserted(() ->
            assertThat(
                    Queries.count(
                        millrace, "SELECT count(*) FROM audit.records WHERE topic = ?", SOURCE))
                .isEqualTo(RECORDS));
  }

  @Test
  void everyRecordIsReplayedOnce(Millrace millrace) throws Exception {
    try (AppProcess sink = AppProcess.inPlaceOf(millrace, new AuditSinkApp(), folder, Map.of())) {
      // given
      String id =
          millrace
              .gateway()
              .post(
                  "/api/replays",
                  """
                  {"topics": ["%s"], "target": "topic", "targetTopic": "%s", "rateLimit": %d,
                   "reason": "a rehearsal"}
                  """
                      .formatted(SOURCE, TARGET, RATE))
              .json()
              .path("replay_id")
              .asText();

      // when
      for (int kill = 1; kill <= KILLS; kill++) {
        long atLeast = (long) kill * RECORDS / (KILLS + 2);
        eventually().until(() -> written(millrace, id) >= atLeast);
        sink.killAndRestart();
        leaseEnds(millrace, id);
      }
      eventually()
          .until(() ->
              Queries.texts(millrace, "SELECT status FROM audit.replays WHERE id = ?", id)
                  .equals(List.of("completed")));

      // then
      List<String> values = values(millrace);
      assertThat(values).hasSize(RECORDS).doesNotHaveDuplicates();
      assertThat(written(millrace, id)).isEqualTo(RECORDS);
    }
  }

  /** Nobody has to wait for the lease of a sink that is known to be dead. */
  private static void leaseEnds(Millrace millrace, String id) {
    millrace
        .owner()
        .useHandle(handle ->
            handle.execute("UPDATE audit.replays SET lease_until = now() WHERE id = ?", id));
  }

  private static long written(Millrace millrace, String id) {
    return Queries.count(
        millrace, "SELECT coalesce(sum(written), 0) FROM audit.replays WHERE id = ?", id);
  }

  private static void produce(Millrace millrace) throws Exception {
    try (NewTopicProducer producer = new NewTopicProducer(millrace, "replayed")) {
      for (int i = 0; i < RECORDS; i++) {
        byte[] bytes = Integer.toString(i).getBytes(UTF_8);
        producer.send(new ProducerRecord<>(SOURCE, bytes, bytes));
      }
      producer.finish();
    }
  }

  /** What committed records the target has. */
  private static List<String> values(Millrace millrace) {
    List<String> values = new ArrayList<>();
    TopicPartition partition = new TopicPartition(TARGET, 0);
    try (Consumer<byte[], byte[]> consumer =
        millrace.kafka().consumer("replayed", null, Map.of())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(new String(record.value(), UTF_8));
        }
      }
    }
    Collections.sort(values);
    return values;
  }
}
