package dev.millrace.gateway.event;

import dev.millrace.gateway.http.Json;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Avro values as natural JSON: unions without the name of their branch, times as ISO 8601, bytes as
 * base64, and texts that hold JSON as that JSON.
 */
public final class EventJson {

  private static final String CONTENT_TYPE = "contentType";
  private static final String APPLICATION_JSON = "application/json";

  private EventJson() {}

  /** A record as an object. */
  public static ObjectNode of(IndexedRecord value) {
    ObjectNode object = Json.object();
    for (Schema.Field field : value.getSchema().getFields()) {
      object.set(field.name(), node(value.get(field.pos()), field.schema(), isJson(field)));
    }
    return object;
  }

  private static JsonNode node(@Nullable Object value, Schema schema, boolean json) {
    return switch (value) {
      case null -> Json.mapper().nullNode();
      case IndexedRecord nested -> of(nested);
      case Map<?, ?> map -> map(map, schema);
      case Collection<?> list -> list(list, schema);
      case Instant instant -> text(instant.toString());
      case Long number when isTimestamp(schema) -> text(Instant.ofEpochMilli(number).toString());
      case Number number -> Json.mapper().valueToTree(number);
      case Boolean bool -> Json.mapper().valueToTree(bool);
      case ByteBuffer bytes -> text(base64(bytes));
      default -> json ? embedded(value.toString()) : text(value.toString());
    };
  }

  private static JsonNode map(Map<?, ?> map, Schema schema) {
    Schema values = branch(schema, Schema.Type.MAP).getValueType();
    ObjectNode object = Json.object();
    map.forEach((name, value) -> object.set(String.valueOf(name), node(value, values, false)));
    return object;
  }

  private static JsonNode list(Collection<?> list, Schema schema) {
    Schema elements = branch(schema, Schema.Type.ARRAY).getElementType();
    ArrayNode array = Json.array();
    list.forEach(value -> array.add(node(value, elements, false)));
    return array;
  }

  private static boolean isJson(Schema.Field field) {
    return APPLICATION_JSON.equals(field.getProp(CONTENT_TYPE))
        || branches(field.schema()).stream()
            .anyMatch(branch -> APPLICATION_JSON.equals(branch.getProp(CONTENT_TYPE)));
  }

  private static boolean isTimestamp(Schema schema) {
    return branches(schema).stream()
        .anyMatch(branch -> branch.getLogicalType() instanceof LogicalTypes.TimestampMillis);
  }

  private static Schema branch(Schema schema, Schema.Type type) {
    return branches(schema).stream()
        .filter(branch -> branch.getType() == type)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("expected " + type + " in " + schema));
  }

  private static List<Schema> branches(Schema schema) {
    return schema.isUnion() ? schema.getTypes() : List.of(schema);
  }

  private static JsonNode embedded(String text) {
    try {
      return Json.read(text);
    } catch (JacksonException e) {
      return text(text);
    }
  }

  private static JsonNode text(String text) {
    return Json.mapper().valueToTree(text);
  }

  private static String base64(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return Base64.getEncoder().encodeToString(copy);
  }
}
