package dev.millrace.audit.deadletter;

import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.deadletter.DeadLetterDecision;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.EventId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The record of a dead letter as it goes back to its topic. */
final class ReturnedRecord {

  private ReturnedRecord() {}

  /**
   * The record as its letter has it: with its key, headers and original identity; with the
   * corrected value, if there is one.
   *
   * @param partitions partitions its topic has now: it goes back to the one it was in, if that is
   *     still there
   */
  static ProducerRecord<byte[], byte[]> of(
      DeadLetter letter, DeadLetterDecision decision, int partitions) {
    Headers headers = new RecordHeaders();
    Map<String, ByteBuffer> sorted = new TreeMap<>(letter.getHeaders());
    sorted.forEach((name, value) -> headers.add(name, bytes(value)));
    return of(
        letter, decision, partitions, bytes(letter.getKey()), bytes(letter.getValue()), headers);
  }

  /** The same, of a letter that does not have all of it: as the record itself was. */
  static ProducerRecord<byte[], byte[]> of(
      DeadLetter letter,
      DeadLetterDecision decision,
      int partitions,
      ConsumerRecord<byte[], byte[]> original) {
    return of(
        letter,
        decision,
        partitions,
        original.key(),
        original.value(),
        new RecordHeaders(original.headers()));
  }

  private static ProducerRecord<byte[], byte[]> of(
      DeadLetter letter,
      DeadLetterDecision decision,
      int partitions,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers) {
    return new ProducerRecord<>(
        letter.getTopic(),
        letter.getPartition() < partitions ? letter.getPartition() : null,
        null,
        key,
        decision.getValue() == null ? value : bytes(decision.getValue()),
        marked(headers, letter, decision));
  }

  private static Headers marked(Headers headers, DeadLetter letter, DeadLetterDecision decision) {
    headers.remove(EventHeaders.SENT_BACK);
    headers.add(EventHeaders.SENT_BACK, text(decision.getDecisionId()));
    if (headers.lastHeader(EventHeaders.ID) == null) {
      EventId place =
          EventId.ofPosition(letter.getTopic(), letter.getPartition(), letter.getOffset());
      headers.add(
          EventHeaders.ID, text(letter.getEventId() == null ? place.value() : letter.getEventId()));
    }
    return headers;
  }

  private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
