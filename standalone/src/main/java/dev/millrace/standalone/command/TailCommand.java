package dev.millrace.standalone.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.schemas.json.AvroJsonWriter;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace tail}: the records of a topic as they come. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = "Print the records of a topic as JSON lines, with key, offset and headers.")
public final class TailCommand implements Callable<Integer> {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
  private static final JsonFactory JSON = new JsonFactory();

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Parameters(paramLabel = "TOPIC", description = "For example task.events.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String topic;

  @Option(names = "--from-beginning", description = "Begin with the oldest record.")
  private boolean fromBeginning;

  @Option(names = "--max", paramLabel = "N", description = "Stop after so many records.")
  private long max = Long.MAX_VALUE;

  @Option(names = "--no-follow", description = "Stop at the newest record.")
  private boolean noFollow;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (max < 0) {
      throw new StackException("--max: expected a number of records from 0, found " + max);
    }
    try (RunningKafka kafka = new RunningKafka(PipelineState.of(data.path));
        Consumer<byte[], byte[]> consumer = kafka.clients().consumer("tail", null, Map.of());
        Deserializer<GenericRecord> deserializer = kafka.clients().serdes().genericDeserializer()) {
      if (!RunningKafka.await(kafka.clients().admin().listTopics().names()).contains(topic)) {
        throw new StackException("there is no topic " + topic + "; see ./millrace topics");
      }
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.seekToEnd(partitions);
      }
      return print(consumer, deserializer, partitions);
    }
  }

  private int print(
      Consumer<byte[], byte[]> consumer,
      Deserializer<GenericRecord> deserializer,
      List<TopicPartition> partitions)
      throws IOException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long printed = 0;
    while (printed < max && !(noFollow && reached(consumer, ends))) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
        System.out.println(line(record, deserializer));
        if (++printed == max || System.out.checkError()) {
          return 0;
        }
      }
    }
    return 0;
  }

  private static boolean reached(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static String line(
      ConsumerRecord<byte[], byte[]> record, Deserializer<GenericRecord> deserializer)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("topic", record.topic());
      out.writeNumberField("partition", record.partition());
      out.writeNumberField("offset", record.offset());
      out.writeStringField("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
      writeText(out, "key", record.key());
      out.writeObjectFieldStart("headers");
      for (Header header : record.headers()) {
        writeText(out, header.key(), header.value());
      }
      out.writeEndObject();
      writeValue(out, record, deserializer);
      out.writeEndObject();
    }
    return text.toString();
  }

  private static void writeText(JsonGenerator out, String name, byte @Nullable [] bytes)
      throws IOException {
    if (bytes == null) {
      out.writeNullField(name);
    } else {
      out.writeStringField(name, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private static void writeValue(
      JsonGenerator out,
      ConsumerRecord<byte[], byte[]> record,
      Deserializer<GenericRecord> deserializer)
      throws IOException {
    GenericRecord value;
    try {
      value = deserializer.deserialize(record.topic(), record.headers(), record.value());
    } catch (SerializationException e) {
      out.writeNullField("value");
      out.writeStringField("error", e.getMessage());
      out.writeStringField("bytes", Base64.getEncoder().encodeToString(record.value()));
      return;
    }
    out.writeFieldName("value");
    if (value == null) {
      out.writeNull();
    } else {
      AvroJsonWriter.write(value, out);
    }
  }
}
