package dev.millrace.audit.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** What the JSON of a value should be, made the slow and obvious way. */
final class NaturalJson {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private NaturalJson() {}

  static JsonNode of(Schema schema, @Nullable Object value) throws JsonProcessingException {
    return MAPPER.readTree(MAPPER.writeValueAsString(node(schema, value)));
  }

  private static JsonNode node(Schema schema, @Nullable Object value) {
    if (value == null) {
      return MAPPER.nullNode();
    }
    return switch (schema.getType()) {
      case RECORD -> {
        ObjectNode object = MAPPER.createObjectNode();
        for (Schema.Field field : schema.getFields()) {
          object.set(field.name(), node(field.schema(), ((GenericRecord) value).get(field.pos())));
        }
        yield object;
      }
      case ARRAY -> {
        ArrayNode array = MAPPER.createArrayNode();
        ((Collection<?>) value).forEach(e -> array.add(node(schema.getElementType(), e)));
        yield array;
      }
      case MAP -> {
        ObjectNode object = MAPPER.createObjectNode();
        ((Map<?, ?>) value)
            .forEach((name, v) -> object.set(name.toString(), node(schema.getValueType(), v)));
        yield object;
      }
      case UNION ->
          node(schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), value);
      case STRING -> text(schema, value.toString());
      case ENUM -> MAPPER.getNodeFactory().textNode(value.toString());
      case BYTES ->
          MAPPER
              .getNodeFactory()
              .textNode(Base64.getEncoder().encodeToString(((ByteBuffer) value).array()));
      case LONG ->
          schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? MAPPER.getNodeFactory().textNode(Instant.ofEpochMilli((Long) value).toString())
              : MAPPER.valueToTree(value);
      case FIXED, INT, FLOAT, DOUBLE, BOOLEAN, NULL -> MAPPER.valueToTree(value);
    };
  }

  private static JsonNode text(Schema schema, String text) {
    if ("application/json".equals(schema.getProp("contentType"))) {
      try {
        JsonNode node = MAPPER.readTree(text);
        if (!node.isMissingNode()) {
          return node;
        }
      } catch (JsonProcessingException e) {
        return MAPPER.getNodeFactory().textNode(text);
      }
    }
    return MAPPER.getNodeFactory().textNode(text);
  }
}
