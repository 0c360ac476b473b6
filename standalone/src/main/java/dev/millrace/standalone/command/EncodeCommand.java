package dev.millrace.standalone.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.json.AvroJsonReader;
import dev.millrace.schemas.serde.SchemaRegistry;
import dev.millrace.schemas.serde.WireFormat;
import dev.millrace.standalone.embedded.StackException;
import dev.millrace.standalone.pipeline.PipelineState;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace encode}: JSON in, the bytes of a record's value out, for kcat and its like. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    description =
        "Read one JSON object from standard input and write it to standard output as the value of"
            + " a record of TOPIC: Avro in the Confluent wire format.",
    footer = {
      "",
      "  echo '{\"task_id\":\"t-1\",\"task_type\":\"documentation\",\"description\":\"Hello\"}' |",
      "    ./millrace encode task.requests > value.bin",
      "  kcat -P -b BROKER -t task.requests -k t-1 value.bin"
    })
public final class EncodeCommand implements Callable<Integer> {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private DataOption data;

  @Parameters(paramLabel = "TOPIC", description = "For example task.requests.")
  @SuppressWarnings("NullAway.Init") // set by picocli before call()
  private String topicName;

  @Override
  public Integer call() throws IOException {
    Topic<?> topic =
        Topics.find(topicName)
            .orElseThrow(() ->
                new StackException(
                    "there is no topic " + topicName + " in the catalogue; see topics"));
    try (RunningKafka kafka = new RunningKafka(PipelineState.of(data.path))) {
      SchemaRegistry.RegisteredSchema schema =
          kafka
              .clients()
              .serdes()
              .registry()
              .latest(topic)
              .orElseThrow(() -> new StackException("the registry has no schema of " + topicName));
      System.out.write(WireFormat.write(schema.id(), record(schema)));
      System.out.flush();
    }
    return 0;
  }

  private static GenericRecord record(SchemaRegistry.RegisteredSchema schema) {
    try (MappingIterator<JsonNode> objects =
        MAPPER.readerFor(JsonNode.class).readValues(System.in)) {
      if (!objects.hasNextValue()) {
        throw new StackException("expected a JSON object on standard input, found nothing");
      }
      JsonNode object = objects.nextValue();
      if (objects.hasNextValue()) {
        throw new StackException(
            "expected one JSON object on standard input, found more: a record is one message, so"
                + " call this once for each");
      }
      return AvroJsonReader.read(schema.schema(), object);
    } catch (JsonProcessingException e) {
      throw new StackException(
          "expected JSON on standard input: %s (line %d, column %d)"
              .formatted(
                  e.getOriginalMessage(),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()),
          e);
    } catch (IOException e) {
      throw new StackException("expected JSON on standard input: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new StackException(String.valueOf(e.getMessage()), e);
    }
  }
}
