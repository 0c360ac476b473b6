package dev.millrace.schemas.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes Avro values as the JSON that a person would write: no wrapper around the branch of a
 * union, timestamps in ISO 8601, bytes in Base64, and a string that holds JSON (its schema has
 * {@code "contentType": "application/json"}) as that JSON. Numbers that JSON has no form for, such
 * as NaN, are strings.
 */
public final class AvroJsonWriter {

  /** Property of a string's schema that says what the string holds. */
  public static final String CONTENT_TYPE = "contentType";

  private static final String APPLICATION_JSON = "application/json";
  private static final String TIMESTAMP_MILLIS = "timestamp-millis";
  private static final JsonFactory FACTORY = new JsonFactory();

  private AvroJsonWriter() {}

  /** A record as one line of JSON. */
  public static String write(IndexedRecord record) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      write(record, out);
    } catch (IOException e) {
      throw new UncheckedIOException("a string can always be written", e);
    }
    return text.toString();
  }

  /** Writes a record to a generator. */
  public static void write(IndexedRecord record, JsonGenerator out) throws IOException {
    write(record.getSchema(), record, out);
  }

  private static void write(Schema schema, @Nullable Object value, JsonGenerator out)
      throws IOException {
    if (value == null) {
      out.writeNull();
      return;
    }
    switch (schema.getType()) {
      case RECORD -> writeRecord((IndexedRecord) value, out);
      case UNION -> {
        int branch = GenericData.get().resolveUnion(schema, unionValue(value));
        write(schema.getTypes().get(branch), value, out);
      }
      case ARRAY -> {
        out.writeStartArray();
        for (Object element : (Collection<?>) value) {
          write(schema.getElementType(), element, out);
        }
        out.writeEndArray();
      }
      case MAP -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          out.writeFieldName(String.valueOf(entry.getKey()));
          write(schema.getValueType(), entry.getValue(), out);
        }
        out.writeEndObject();
      }
      case STRING -> writeString(schema, value.toString(), out);
      case ENUM -> out.writeString(value.toString());
      case BYTES -> out.writeString(base64((ByteBuffer) value));
      case FIXED ->
          out.writeString(Base64.getEncoder().encodeToString(((GenericFixed) value).bytes()));
      case INT -> out.writeNumber(((Number) value).intValue());
      case LONG -> writeLong(schema, value, out);
      case FLOAT, DOUBLE -> writeDouble(((Number) value).doubleValue(), out);
      case BOOLEAN -> out.writeBoolean((Boolean) value);
      case NULL -> out.writeNull();
    }
  }

  /** The union of a timestamp holds a long on the wire, and an instant in a generated class. */
  private static Object unionValue(Object value) {
    return value instanceof Instant instant ? (Object) instant.toEpochMilli() : value;
  }

  private static void writeRecord(IndexedRecord record, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Schema.Field field : record.getSchema().getFields()) {
      out.writeFieldName(field.name());
      write(field.schema(), record.get(field.pos()), out);
    }
    out.writeEndObject();
  }

  private static void writeString(Schema schema, String text, JsonGenerator out)
      throws IOException {
    if (!APPLICATION_JSON.equals(schema.getProp(CONTENT_TYPE)) || !isJson(text)) {
      out.writeString(text);
    } else if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
      out.writeRawValue(text);
    } else {
      copyOnOneLine(text, out);
    }
  }

  /** Whether a text is exactly one JSON value. */
  private static boolean isJson(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static void copyOnOneLine(String text, JsonGenerator out) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      out.copyCurrentStructureExact(parser);
    }
  }

  private static void writeLong(Schema schema, Object value, JsonGenerator out) throws IOException {
    if (value instanceof Instant instant) {
      out.writeString(instant.toString());
    } else if (schema.getLogicalType() != null
        && schema.getLogicalType().getName().equals(TIMESTAMP_MILLIS)) {
      out.writeString(Instant.ofEpochMilli((Long) value).toString());
    } else {
      out.writeNumber(((Number) value).longValue());
    }
  }

  private static void writeDouble(double number, JsonGenerator out) throws IOException {
    if (Double.isFinite(number)) {
      out.writeNumber(number);
    } else {
      out.writeString(Double.toString(number));
    }
  }

  private static String base64(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return Base64.getEncoder().encodeToString(copy);
  }
}
