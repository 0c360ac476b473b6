package dev.millrace.gateway.stream;

import dev.millrace.gateway.http.Json;
import dev.millrace.runtime.kafka.RecordListener;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.json.AvroJsonWriter;
import dev.millrace.schemas.serde.EventSerdes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * Turns the records of the watched topics into events of the live stream, while anybody listens.
 */
public final class LiveEventReader implements RecordListener {

  /** What the live stream shows. */
  public static final List<String> TOPICS =
      Stream.<Topic<?>>of(
              Topics.TASK_EVENTS,
              Topics.PLATFORM_EVENTS,
              Topics.AGENT_EVENTS,
              Topics.WORKFLOW_EVENTS,
              Topics.LEARNING_PLANS,
              Topics.HEALTH_STATUSES,
              Topics.HEALTH_ANOMALIES,
              Topics.REMEDIATION_ANALYSES,
              Topics.REMEDIATION_COMMANDS,
              Topics.REMEDIATION_OUTCOMES,
              Topics.REMEDIATION_ESCALATIONS,
              Topics.REMEDIATION_APPROVALS)
          .map(Topic::name)
          .toList();

  private final LiveEvents events;
  private final Deserializer<GenericRecord> deserializer;

  public LiveEventReader(LiveEvents events, EventSerdes serdes) {
    this.events = events;
    this.deserializer = serdes.genericDeserializer();
  }

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    if (events.isWatched() && record.value() != null) {
      GenericRecord value =
          deserializer.deserialize(record.topic(), record.headers(), record.value());
      events.publish(event(record, value));
    }
  }

  static LiveEvent event(ConsumerRecord<byte[], byte[]> record, GenericRecord value) {
    EventContext context = EventContext.of(record);
    String position = record.topic() + '/' + record.partition() + '/' + record.offset();
    ObjectNode json =
        Json.object()
            .put("event_id", context.id().value())
            .put("event_type", EventHeaders.text(record.headers(), EventHeaders.TYPE).orElse(null))
            .put("topic", record.topic())
            .put("partition", record.partition())
            .put("offset", record.offset())
            .put(
                "key",
                record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8))
            .put("source", context.source())
            .put("trace_id", context.trace().traceId())
            .put("timestamp", context.time().toString());
    json.putRawValue("data", new RawValue(AvroJsonWriter.write(value)));
    return LiveEvent.of(record.topic(), position, json.toString());
  }
}
