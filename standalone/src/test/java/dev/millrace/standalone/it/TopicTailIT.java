package dev.millrace.standalone.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.runtime.kafka.TopicTail;
import dev.millrace.runtime.kafka.TopicTail.From;
import dev.millrace.runtime.kafka.TopicTail.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithMillrace.class)
class TopicTailIT {

  private static final String KEY = "key";

  @Test
  void aTailReadsWhatIsNotOlderThanAskedFor(Millrace millrace) throws Exception {
    // given
    String topic = "topic-tail-" + UUID.randomUUID();
    millrace
        .kafka()
        .admin()
        .createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
        .all()
        .get(30, TimeUnit.SECONDS);
    try (NewTopicProducer producer = new NewTopicProducer(millrace, "topic-tail")) {
      producer.send(record(topic, "old", Duration.ofHours(2)));
      producer.send(record(topic, "young", Duration.ofMinutes(1)));
      producer.finish();
    }
    List<String> read = new CopyOnWriteArrayList<>();
    TopicTail tail =
        new TopicTail(
            millrace.kafka(),
            topic,
            List.of(topic),
            From.since(Duration.ofHours(1)),
            Pace.AT_ONCE,
            record -> read.add(new String(record.value(), UTF_8)));

    // when
    tail.start();

    // then
    tail.stop();
    assertThat(read).containsExactly("young");
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, String value, Duration age) {
    return new ProducerRecord<>(
        topic,
        0,
        Instant.now().minus(age).toEpochMilli(),
        KEY.getBytes(UTF_8),
        value.getBytes(UTF_8));
  }
}
