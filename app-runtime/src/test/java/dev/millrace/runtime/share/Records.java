package dev.millrace.runtime.share;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records of a share group. */
final class Records {

  private Records() {}

  /** The delivery of a text. */
  static ConsumerRecord<byte[], byte[]> delivery(long offset, @Nullable String text, int attempt) {
    return record(offset, text == null ? null : text.getBytes(UTF_8), attempt);
  }

  static ConsumerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> record) {
    return record(
        record.offset(), record.value(), record.deliveryCount().map(Short::intValue).orElse(1) + 1);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      long offset, byte @Nullable [] value, int attempt) {
    return new ConsumerRecord<>(
        "agent.assignments.claude",
        0,
        offset,
        1_772_359_200_000L,
        TimestampType.CREATE_TIME,
        1,
        1,
        "task-1".getBytes(UTF_8),
        value,
        new RecordHeaders(),
        Optional.empty(),
        Optional.of((short) attempt));
  }
}
