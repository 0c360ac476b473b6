package dev.millrace.schemas.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that {@link AvroJsonWriter} writes, or that a person would write: fields with a
 * default may be missing. Every failure names the field and what was expected.
 */
public final class AvroJsonReader {

  private AvroJsonReader() {}

  /**
   * A record of this schema.
   *
   * @throws IllegalArgumentException if the JSON does not fit; the message names the field
   */
  public static GenericRecord read(Schema schema, JsonNode json) {
    return (GenericRecord) record(schema, json, "");
  }

  private static @Nullable Object value(Schema schema, JsonNode json, String path) {
    return switch (schema.getType()) {
      case RECORD -> record(schema, json, path);
      case UNION -> union(schema, json, path);
      case ARRAY -> array(schema, json, path);
      case MAP -> map(schema, json, path);
      case STRING -> string(schema, json, path);
      case ENUM -> symbol(schema, json, path);
      case BYTES -> ByteBuffer.wrap(bytes(json, path));
      case FIXED -> new GenericData.Fixed(schema, bytes(json, path));
      case INT -> {
        require(json.canConvertToInt() && json.isIntegralNumber(), path, "a whole number", json);
        yield json.intValue();
      }
      case LONG -> number(schema, json, path);
      case FLOAT -> {
        require(json.isNumber(), path, "a number", json);
        yield json.floatValue();
      }
      case DOUBLE -> {
        require(json.isNumber(), path, "a number", json);
        yield json.doubleValue();
      }
      case BOOLEAN -> {
        require(json.isBoolean(), path, "true or false", json);
        yield json.booleanValue();
      }
      case NULL -> {
        require(json.isNull(), path, "null", json);
        yield null;
      }
    };
  }

  private static Object record(Schema schema, JsonNode json, String path) {
    require(json.isObject(), path, "an object", json);
    Set<String> unknown = new HashSet<>();
    json.fieldNames().forEachRemaining(unknown::add);
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      unknown.remove(field.name());
      JsonNode found = json.get(field.name());
      if (found != null) {
        record.put(field.pos(), value(field.schema(), found, path + "/" + field.name()));
      } else if (field.hasDefaultValue()) {
        record.put(field.pos(), GenericData.get().getDefaultValue(field));
      } else {
        throw new IllegalArgumentException(path + "/" + field.name() + ": is required");
      }
    }
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          path + "/" + unknown.iterator().next() + ": is no field of " + schema.getName());
    }
    return record;
  }

  private static @Nullable Object union(Schema schema, JsonNode json, String path) {
    IllegalArgumentException failure = null;
    for (Schema branch : schema.getTypes()) {
      if (json.isNull() != (branch.getType() == Schema.Type.NULL)) {
        continue;
      }
      try {
        return value(branch, json, path);
      } catch (IllegalArgumentException e) {
        failure = e;
      }
    }
    throw failure != null
        ? failure
        : new IllegalArgumentException(path + ": null is not allowed here");
  }

  private static List<@Nullable Object> array(Schema schema, JsonNode json, String path) {
    require(json.isArray(), path, "an array", json);
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      elements.add(value(schema.getElementType(), json.get(i), path + "/" + i));
    }
    return elements;
  }

  private static Map<String, @Nullable Object> map(Schema schema, JsonNode json, String path) {
    require(json.isObject(), path, "an object", json);
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    json.properties()
        .forEach(entry ->
            entries.put(
                entry.getKey(),
                value(schema.getValueType(), entry.getValue(), path + "/" + entry.getKey())));
    return entries;
  }

  private static String string(Schema schema, JsonNode json, String path) {
    if (schema.getProp(AvroJsonWriter.CONTENT_TYPE) != null && !json.isTextual()) {
      return json.toString();
    }
    require(json.isTextual(), path, "a string", json);
    return json.textValue();
  }

  private static GenericData.EnumSymbol symbol(Schema schema, JsonNode json, String path) {
    require(
        json.isTextual() && schema.hasEnumSymbol(json.textValue()),
        path,
        "one of " + schema.getEnumSymbols(),
        json);
    return new GenericData.EnumSymbol(schema, json.textValue());
  }

  private static long number(Schema schema, JsonNode json, String path) {
    if (schema.getLogicalType() != null && json.isTextual()) {
      try {
        return Instant.parse(json.textValue()).toEpochMilli();
      } catch (DateTimeException | ArithmeticException e) {
        throw new IllegalArgumentException(
            path + ": expected a time such as 2026-01-31T10:15:30Z, found " + json, e);
      }
    }
    require(json.isIntegralNumber() && json.canConvertToLong(), path, "a whole number", json);
    return json.longValue();
  }

  private static byte[] bytes(JsonNode json, String path) {
    require(json.isTextual(), path, "bytes in Base64", json);
    try {
      return Base64.getDecoder().decode(json.textValue());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": expected bytes in Base64, found " + json, e);
    }
  }

  private static void require(boolean holds, String path, String expected, JsonNode found) {
    if (!holds) {
      throw new IllegalArgumentException(path + ": expected " + expected + ", found " + found);
    }
  }
}
