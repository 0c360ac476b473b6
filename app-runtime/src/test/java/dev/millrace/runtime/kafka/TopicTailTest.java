package dev.millrace.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.TopicTail.From;
import dev.millrace.runtime.kafka.TopicTail.Pace;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TopicTailTest {

  private static final KafkaConfig CONFIG =
      KafkaConfig.from(
          Environment.of(
              Map.of(
                  "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                  "SCHEMA_REGISTRY_URL", "http://127.0.0.1:1")));

  @Test
  void recordsThatTheListenerFailsOnAreNotTheLast() {
    List<Long> taken = new ArrayList<>();

    follow(
        record -> {
          switch ((int) record.offset()) {
            case 0 -> throw new NumberFormatException("unlimited");
            case 1 -> throw new StackOverflowError();
            default -> taken.add(record.offset());
          }
        },
        3);

    assertThat(taken).containsExactly(2L);
  }

  private static void follow(RecordListener listener, int records) {
    try (KafkaClients kafka =
        new KafkaClients(
            "test", CONFIG, EventSerdes.of(CONFIG.registry()), new SimpleMeterRegistry())) {
      TopicTail tail =
          new TopicTail(
              kafka, "queues", List.of("task.queues"), From.BEGINNING, Pace.AT_ONCE, listener);
      for (int offset = 0; offset < records; offset++) {
        tail.handOver(new ConsumerRecord<>("task.queues", 0, offset, new byte[0], new byte[0]));
      }
    }
  }
}
