package dev.millrace.schemas.event;

import dev.millrace.schemas.catalogue.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Headers of every record: CloudEvents 1.0 in <a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 * binary mode</a> and the W3C {@code traceparent}. All are optional on reading.
 */
public final class EventHeaders {

  public static final String SPEC_VERSION = "ce_specversion";
  public static final String ID = "ce_id";
  public static final String TYPE = "ce_type";
  public static final String SOURCE = "ce_source";
  public static final String TIME = "ce_time";
  public static final String SUBJECT = "ce_subject";
  public static final String CONTENT_TYPE = "content-type";
  public static final String TRACEPARENT = "traceparent";

  /** Set on records that a replay wrote again, and on all that follows: a {@link ReplayMark}. */
  public static final String REPLAY_ID = "millrace_replay_id";

  /** Set on records that were sent back from the dead letters: the decision that did. */
  public static final String SENT_BACK = "millrace_sent_back";

  private static final byte[] VERSION_1 = bytes("1.0");
  private static final byte[] AVRO = bytes("application/avro");

  private EventHeaders() {}

  /** Headers for a record of this topic and key. */
  public static Headers of(Topic<?> topic, String key, EventContext context) {
    Headers headers = new RecordHeaders();
    headers.add(SPEC_VERSION, VERSION_1);
    headers.add(ID, bytes(context.id().value()));
    headers.add(TYPE, bytes(topic.eventType()));
    headers.add(SOURCE, bytes(context.source()));
    headers.add(TIME, bytes(context.time().toString()));
    headers.add(SUBJECT, bytes(key));
    headers.add(CONTENT_TYPE, AVRO);
    headers.add(TRACEPARENT, bytes(context.trace().traceparent()));
    if (context.replayId() != null) {
      headers.add(REPLAY_ID, bytes(context.replayId()));
    }
    return headers;
  }

  /** A record with its headers, ready to send. */
  public static <V extends SpecificRecord, T extends V> ProducerRecord<String, V> record(
      Topic<T> topic, String key, T value, EventContext context) {
    return new ProducerRecord<>(
        topic.name(),
        topic.partitionOf(value),
        context.time().toEpochMilli(),
        key,
        value,
        of(topic, key, context));
  }

  /** The text of a header; one that is missing, blank or longer than an id may be is absent. */
  public static Optional<String> text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), StandardCharsets.UTF_8))
            .filter(text -> !text.isBlank() && text.length() <= EventId.MAX_LENGTH);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
