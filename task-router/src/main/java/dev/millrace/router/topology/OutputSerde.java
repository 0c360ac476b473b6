package dev.millrace.router.topology;

import dev.millrace.schemas.agent.AgentAssignment;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.ProviderStatus;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.deadletter.DeadLetter;
import dev.millrace.schemas.task.QueueSnapshot;
import dev.millrace.schemas.task.TaskCommand;
import dev.millrace.schemas.task.TaskEvent;
import dev.millrace.schemas.task.TaskRequest;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.jspecify.annotations.Nullable;

/** Where each output of a topology goes, and how it is written there. */
public final class OutputSerde
    implements Serializer<SpecificRecord>, TopicNameExtractor<String, SpecificRecord> {

  private final EventCodec codec;
  private final Function<SpecificRecord, Topic<? extends SpecificRecord>> topics;

  /**
   * @param topics the topic that an output belongs to
   */
  public OutputSerde(
      EventCodec codec, Function<SpecificRecord, Topic<? extends SpecificRecord>> topics) {
    this.codec = codec;
    this.topics = topics;
  }

  /** For a sink: outputs are written, never read back. */
  public Serde<SpecificRecord> serde() {
    return Serdes.serdeFrom(
        this,
        (topic, _) -> {
          throw new IllegalStateException("outputs are not read back from " + topic);
        });
  }

  @Override
  public String extract(String key, SpecificRecord output, RecordContext context) {
    return topics.apply(output).name();
  }

  /** Topic that an output of the queues belongs to. */
  static Topic<? extends SpecificRecord> topicOf(SpecificRecord output) {
    return switch (output) {
      case TaskEvent _ -> Topics.TASK_EVENTS;
      case QueueSnapshot _ -> Topics.TASK_QUEUES;
      case AgentAssignment _ -> Handover.TOPIC;
      case AgentCommand _ -> Topics.AGENT_COMMANDS;
      case DeadLetter _ -> Topics.DEAD_LETTERS;
      case ProviderStatus _ -> Topics.AGENT_PROVIDERS;
      case TaskRequest _ -> Topics.TASK_REQUESTS;
      default ->
          throw new IllegalArgumentException(
              "the router writes no " + output.getSchema().getFullName());
    };
  }

  /** Topic that an input came from. */
  static Topic<? extends SpecificRecord> inputTopicOf(SpecificRecord input) {
    return switch (input) {
      case TaskRequest _ -> Topics.TASK_REQUESTS;
      case TaskCommand _ -> Topics.TASK_COMMANDS;
      case AgentEvent _ -> Topics.AGENT_EVENTS;
      case ProviderStatus _ -> Topics.AGENT_PROVIDERS;
      default ->
          throw new IllegalArgumentException(
              "the router reads no " + input.getSchema().getFullName());
    };
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable SpecificRecord output) {
    return serialize(topic, new RecordHeaders(), output);
  }

  @Override
  public byte @Nullable [] serialize(
      String topic, Headers headers, @Nullable SpecificRecord output) {
    return output == null ? null : write(topics.apply(output), headers, output);
  }

  private <T extends SpecificRecord> byte @Nullable [] write(
      Topic<T> topic, Headers headers, SpecificRecord output) {
    return codec
        .serde(topic)
        .serializer()
        .serialize(topic.name(), headers, topic.valueType().cast(output));
  }
}
