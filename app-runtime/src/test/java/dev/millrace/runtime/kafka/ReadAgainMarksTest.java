package dev.millrace.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.schemas.event.EventHeaders;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadAgainMarksTest {

  private static final TopicPartition PLACE = new TopicPartition("health.metrics", 1);

  private final ReadAgainMarks marks =
      new ReadAgainMarks(Map.of(PLACE, new OffsetAndMetadata(10, "reset-1")));

  @Test
  void whatIsReadAgainIsMarkedAndWhatIsNewIsNot() {
    ConsumerRecord<byte[], byte[]> again = record(PLACE.partition(), 9);
    ConsumerRecord<byte[], byte[]> fresh = record(PLACE.partition(), 10);

    marks.mark(again);
    marks.mark(fresh);

    assertThat(mark(again)).isEqualTo("reset-1");
    assertThat(mark(fresh)).isNull();
  }

  @Test
  void otherPartitionsAreLeftAlone() {
    ConsumerRecord<byte[], byte[]> record = record(2, 9);

    marks.mark(record);

    assertThat(mark(record)).isNull();
  }

  @Test
  void aReplaysOwnMarkStays() {
    ConsumerRecord<byte[], byte[]> record = record(PLACE.partition(), 9);
    record.headers().add(EventHeaders.REPLAY_ID, "replay-7".getBytes(UTF_8));

    marks.mark(record);

    assertThat(mark(record)).isEqualTo("replay-7");
  }

  private static @Nullable String mark(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(EventHeaders.REPLAY_ID);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> record(int partition, long offset) {
    byte[] bytes = "x".getBytes(UTF_8);
    return new ConsumerRecord<>(PLACE.topic(), partition, offset, bytes, bytes);
  }
}
