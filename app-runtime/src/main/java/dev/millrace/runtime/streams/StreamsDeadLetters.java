package dev.millrace.runtime.streams;

import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the dead letters of a topology, which Kafka Streams writes in its own transaction. */
final class StreamsDeadLetters {

  /** Setting under which the exception handlers find it. */
  static final String CONFIG = "millrace.dead.letters";

  private static final Logger log = LoggerFactory.getLogger(StreamsDeadLetters.class);

  private final String app;
  private final Serializer<DeadLetter> serializer;

  StreamsDeadLetters(String app, Serializer<DeadLetter> serializer) {
    this.app = app;
    this.serializer = serializer;
  }

  static StreamsDeadLetters from(Map<String, ?> settings) {
    if (settings.get(CONFIG) instanceof StreamsDeadLetters deadLetters) {
      return deadLetters;
    }
    throw new IllegalStateException("the setting " + CONFIG + " is missing");
  }

  List<ProducerRecord<byte[], byte[]>> letters(
      ConsumerRecord<byte[], byte[]> record, Failure failure) {
    EventContext context = EventContext.of(record);
    EventContext derived = DeadLetters.derive(app, context);
    DeadLetter letter = DeadLetters.fitted(DeadLetters.letter(app, record, context, failure, 1));
    log.atWarn()
        .addKeyValue("topic", record.topic())
        .addKeyValue("partition", record.partition())
        .addKeyValue("offset", record.offset())
        .addKeyValue("error", failure.kind())
        .addKeyValue("reason", letter.getReason())
        .log("gives a record up as a dead letter");
    String key = DeadLetters.key(record);
    Headers headers = EventHeaders.of(Topics.DEAD_LETTERS, key, derived);
    String topic = Topics.DEAD_LETTERS.name();
    return List.of(
        new ProducerRecord<>(
            topic,
            null,
            derived.time().toEpochMilli(),
            key.getBytes(StandardCharsets.UTF_8),
            serializer.serialize(topic, headers, letter),
            headers));
  }
}
