package dev.millrace.gateway.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.gateway.http.FieldError;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.json.AvroJsonReader;
import dev.millrace.schemas.json.AvroJsonWriter;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import dev.millrace.schemas.serde.SchemaRegistry;
import dev.millrace.schemas.serde.SchemaRegistry.RegisteredSchema;
import dev.millrace.schemas.serde.UndecodableException;
import dev.millrace.schemas.serde.WireFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.avro.Schema;
import tools.jackson.databind.JsonNode;

/** Values in the wire format, by the schemas of the registry. */
public final class RegistryValues implements RecordValues {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final SchemaRegistry registry;

  public RegistryValues(SchemaRegistry registry) {
    this.registry = registry;
  }

  /** Bytes that do not fit their schema make Avro throw a good dozen kinds of exceptions. */
  @Override
  public JsonNode decode(String topic, byte[] value) throws UnreadableException {
    try {
      Schema schema = registry.schema(WireFormat.schemaId(value));
      return Json.read(AvroJsonWriter.write(WireFormat.read(value, schema)));
    } catch (RegistryUnavailableException e) {
      throw new UnreadableException(String.valueOf(e.getMessage()));
    } catch (UndecodableException e) {
      throw new UnreadableException(String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      throw new UnreadableException("the bytes do not fit their schema: " + e);
    }
  }

  @Override
  public byte[] encode(String topic, JsonNode value) {
    RegisteredSchema schema = schema(topic);
    try {
      return WireFormat.write(
          schema.id(), AvroJsonReader.read(schema.schema(), MAPPER.readTree(value.toString())));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw refused("cannot be encoded: " + e.getMessage());
    }
  }

  private RegisteredSchema schema(String name) {
    Topic<?> topic =
        Topics.find(name)
            .orElseThrow(() ->
                ProblemException.unprocessable(
                    name + " is not in the catalogue: its records can be sent back as they are"));
    try {
      return registry
          .latest(topic)
          .orElseThrow(
              () -> ProblemException.unprocessable("the schema registry has no schema of " + name));
    } catch (RegistryUnavailableException e) {
      throw ProblemException.unavailable("the schema registry does not answer", RETRY_AFTER);
    }
  }

  /** The reader's messages begin with the place: {@code /task_type: expected a string}. */
  private static ProblemException refused(String message) {
    int colon = message.indexOf(": ");
    return message.startsWith("/") && colon > 0
        ? ProblemException.invalid(
            List.of(
                new FieldError(
                    "/value" + message.substring(0, colon), message.substring(colon + 2))))
        : ProblemException.invalid("/value", message);
  }
}
