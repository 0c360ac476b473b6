package dev.millrace.audit.redact;

import dev.millrace.schemas.json.AvroJsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Blanks what a path leads to in a decoded value: texts become {@value #BLANK}, what may be null
 * becomes null, numbers become 0, and what has parts has them blanked. A path goes on into texts
 * that hold JSON.
 */
final class Redactions {

  static final String BLANK = "[redacted]";

  private boolean changed;

  /** Blanks it; says whether there was anything. */
  static boolean apply(IndexedRecord value, RedactionPath path) {
    Redactions redactions = new Redactions();
    redactions.walk(value.getSchema(), value, path.steps());
    return redactions.changed;
  }

  /** The value that takes the place of this one. */
  private @Nullable Object walk(Schema schema, @Nullable Object value, List<String> steps) {
    if (value == null) {
      return null;
    }
    if (schema.getType() == Schema.Type.UNION) {
      Schema branch = schema.getTypes().get(GenericData.get().resolveUnion(schema, value));
      boolean mayBeNull = schema.isNullable() && branch.getType() != Schema.Type.STRING;
      if (steps.isEmpty() && mayBeNull) {
        changed = true;
        return null;
      }
      return walk(branch, value, steps);
    }
    if (steps.isEmpty()) {
      changed = true;
      return blank(schema, value);
    }
    return into(schema, value, steps);
  }

  private Object into(Schema schema, Object value, List<String> steps) {
    String step = steps.getFirst();
    List<String> rest = steps.subList(1, steps.size());
    return switch (schema.getType()) {
      case RECORD -> intoRecord((IndexedRecord) value, step, rest);
      case ARRAY -> intoArray(schema, (List<?>) value, step, rest);
      case MAP -> intoMap(schema, (Map<?, ?>) value, step, rest);
      case STRING ->
          schema.getProp(AvroJsonWriter.CONTENT_TYPE) == null
              ? value
              : embedded(value.toString(), steps);
      case ENUM, FIXED, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL, UNION -> value;
    };
  }

  private IndexedRecord intoRecord(IndexedRecord record, String step, List<String> rest) {
    for (Schema.Field field : record.getSchema().getFields()) {
      if (step.equals(RedactionPath.EVERY) || step.equals(field.name())) {
        record.put(field.pos(), walk(field.schema(), record.get(field.pos()), rest));
      }
    }
    return record;
  }

  private List<@Nullable Object> intoArray(
      Schema schema, List<?> elements, String step, List<String> rest) {
    List<@Nullable Object> walked = new ArrayList<>(elements);
    if (step.equals(RedactionPath.EVERY)) {
      walked.replaceAll(element -> walk(schema.getElementType(), element, rest));
    }
    return walked;
  }

  private Map<Object, @Nullable Object> intoMap(
      Schema schema, Map<?, ?> entries, String step, List<String> rest) {
    Map<Object, @Nullable Object> walked = new HashMap<>();
    entries.forEach((name, entry) -> {
      boolean meant = step.equals(RedactionPath.EVERY) || step.equals(name.toString());
      walked.put(name, meant ? walk(schema.getValueType(), entry, rest) : entry);
    });
    return walked;
  }

  /** A text that should hold JSON and does not is blanked as a whole. */
  private String embedded(String text, List<String> steps) {
    try {
      return EmbeddedBlanks.apply(text, steps)
          .map(blanked -> {
            changed = true;
            return blanked;
          })
          .orElse(text);
    } catch (IOException e) {
      changed = true;
      return BLANK;
    }
  }

  private static Object blank(Schema schema, Object value) {
    return switch (schema.getType()) {
      case STRING ->
          schema.getProp(AvroJsonWriter.CONTENT_TYPE) == null ? BLANK : "\"" + BLANK + "\"";
      case INT -> 0;
      case LONG -> 0L;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      case BOOLEAN -> false;
      case BYTES -> ByteBuffer.allocate(0);
      case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
      case ARRAY -> List.of();
      case MAP -> Map.of();
      case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getFirst());
      case RECORD -> blankFields((IndexedRecord) value);
      case UNION, NULL -> value;
    };
  }

  private static IndexedRecord blankFields(IndexedRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      Redactions fields = new Redactions();
      record.put(field.pos(), fields.walk(field.schema(), record.get(field.pos()), List.of()));
    }
    return record;
  }
}
