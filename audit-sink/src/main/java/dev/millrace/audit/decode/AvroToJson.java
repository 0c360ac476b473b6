package dev.millrace.audit.decode;

import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

/**
 * Writes values of one schema as natural JSON, straight from their Avro encoding: unions without
 * the name of their branch, times as ISO 8601, bytes as base64, and texts whose schema says {@code
 * "contentType": "application/json"} as the JSON they hold.
 *
 * <p>A schema is compiled once into a tree of readers. Safe for use by several threads.
 */
final class AvroToJson {

  /** Deeper than any honest value, and less than Postgres' parser and the stack take. */
  static final int MAX_DEPTH = 400;

  private static final String CONTENT_TYPE = "contentType";
  private static final String APPLICATION_JSON = "application/json";

  /** Largest decimal that is written as a number, in bytes of its unscaled value. */
  private static final int MAX_DECIMAL_BYTES = 128;

  /** Reads one value and writes it. */
  @FunctionalInterface
  private interface Reader {
    void read(Decoder in, JsonOutput out, int depth) throws IOException;
  }

  private final Map<String, RecordReader> records = new HashMap<>();
  private final Reader root;

  AvroToJson(Schema schema) {
    root = compile(schema, "");
  }

  /** Reads one value and writes it. */
  void transcode(Decoder in, JsonOutput out) throws IOException {
    root.read(in, out, 0);
  }

  private Reader compile(Schema schema, String contentType) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case RECORD -> record(schema);
      case ENUM -> enumeration(schema);
      case ARRAY -> array(compile(schema.getElementType(), ""));
      case MAP -> map(compile(schema.getValueType(), ""));
      case UNION -> union(schema, contentType);
      case STRING -> string(schema, contentType);
      case BYTES -> bytes(logical);
      case FIXED -> fixed(schema.getFixedSize(), logical);
      case INT -> integer(logical);
      case LONG -> longInteger(logical);
      case FLOAT -> (in, out, depth) -> out.generator().writeNumber(in.readFloat());
      case DOUBLE -> (in, out, depth) -> out.generator().writeNumber(in.readDouble());
      case BOOLEAN -> (in, out, depth) -> out.generator().writeBoolean(in.readBoolean());
      case NULL ->
          (in, out, depth) -> {
            in.readNull();
            out.generator().writeNull();
          };
    };
  }

  private Reader record(Schema schema) {
    RecordReader known = records.get(schema.getFullName());
    if (known != null) {
      return known;
    }
    RecordReader reader = new RecordReader(schema.getFields().size());
    records.put(schema.getFullName(), reader);
    int i = 0;
    for (Schema.Field field : schema.getFields()) {
      String contentType = field.getProp(CONTENT_TYPE);
      reader.names[i] = new SerializedString(field.name());
      reader.values[i] = compile(field.schema(), contentType == null ? "" : contentType);
      i++;
    }
    return reader;
  }

  /** A record refers to itself when its schema does. */
  private static final class RecordReader implements Reader {

    private final SerializedString[] names;
    private final Reader[] values;

    RecordReader(int fields) {
      names = new SerializedString[fields];
      values = new Reader[fields];
    }

    @Override
    public void read(Decoder in, JsonOutput out, int depth) throws IOException {
      requireDepth(depth);
      out.generator().writeStartObject();
      for (int i = 0; i < names.length; i++) {
        out.generator().writeFieldName(names[i]);
        values[i].read(in, out, depth + 1);
      }
      out.generator().writeEndObject();
    }
  }

  private static Reader enumeration(Schema schema) {
    List<String> symbols = schema.getEnumSymbols();
    return (in, out, depth) -> out.string(symbols.get(require(in.readEnum(), symbols.size())));
  }

  private static Reader array(Reader element) {
    return (in, out, depth) -> {
      requireDepth(depth);
      out.generator().writeStartArray();
      for (long block = in.readArrayStart(); block != 0; block = in.arrayNext()) {
        for (long i = 0; i < block; i++) {
          element.read(in, out, depth + 1);
        }
      }
      out.generator().writeEndArray();
    };
  }

  private static Reader map(Reader value) {
    return (in, out, depth) -> {
      requireDepth(depth);
      out.generator().writeStartObject();
      for (long block = in.readMapStart(); block != 0; block = in.mapNext()) {
        for (long i = 0; i < block; i++) {
          out.name(in.readString());
          value.read(in, out, depth + 1);
        }
      }
      out.generator().writeEndObject();
    };
  }

  private Reader union(Schema schema, String contentType) {
    List<Reader> branches =
        schema.getTypes().stream().map(branch -> compile(branch, contentType)).toList();
    return (in, out, depth) ->
        branches.get(require(in.readIndex(), branches.size())).read(in, out, depth);
  }

  private static Reader string(Schema schema, String contentType) {
    String ownType = schema.getProp(CONTENT_TYPE);
    boolean json = APPLICATION_JSON.equals(ownType == null ? contentType : ownType);
    return json
        ? (in, out, depth) -> out.json(in.readString(new Utf8()))
        : (in, out, depth) -> out.string(in.readString(new Utf8()));
  }

  private static Reader bytes(LogicalType logical) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return (in, out, depth) -> decimal(array(in.readBytes(null)), decimal.getScale(), out);
    }
    return (in, out, depth) -> out.generator().writeBinary(array(in.readBytes(null)));
  }

  private static Reader fixed(int size, LogicalType logical) {
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return (in, out, depth) -> decimal(readFixed(in, size), decimal.getScale(), out);
    }
    if (logical instanceof LogicalTypes.Uuid) {
      return (in, out, depth) -> out.string(IsoTimes.uuid(ByteBuffer.wrap(readFixed(in, size))));
    }
    return (in, out, depth) -> out.generator().writeBinary(readFixed(in, size));
  }

  private static Reader integer(LogicalType logical) {
    if (logical instanceof LogicalTypes.Date) {
      return (in, out, depth) -> out.string(IsoTimes.date(in.readInt()));
    }
    if (logical instanceof LogicalTypes.TimeMillis) {
      return (in, out, depth) -> out.string(IsoTimes.time(in.readInt() * 1_000_000L));
    }
    return (in, out, depth) -> out.generator().writeNumber(in.readInt());
  }

  private static Reader longInteger(LogicalType logical) {
    return switch (logical) {
      case LogicalTypes.TimestampMillis _ ->
          (in, out, depth) -> out.string(IsoTimes.timestamp(in.readLong(), 1_000));
      case LogicalTypes.TimestampMicros _ ->
          (in, out, depth) -> out.string(IsoTimes.timestamp(in.readLong(), 1_000_000));
      case LogicalTypes.TimestampNanos _ ->
          (in, out, depth) -> out.string(IsoTimes.timestamp(in.readLong(), 1_000_000_000));
      case LogicalTypes.LocalTimestampMillis _ ->
          (in, out, depth) -> out.string(IsoTimes.localTimestamp(in.readLong(), 1_000));
      case LogicalTypes.LocalTimestampMicros _ ->
          (in, out, depth) -> out.string(IsoTimes.localTimestamp(in.readLong(), 1_000_000));
      case LogicalTypes.LocalTimestampNanos _ ->
          (in, out, depth) -> out.string(IsoTimes.localTimestamp(in.readLong(), 1_000_000_000));
      case LogicalTypes.TimeMicros _ ->
          (in, out, depth) -> out.string(IsoTimes.time(in.readLong() * 1_000));
      case null, default -> (in, out, depth) -> out.generator().writeNumber(in.readLong());
    };
  }

  private static void decimal(byte[] unscaled, int scale, JsonOutput out) throws IOException {
    if (unscaled.length == 0 || unscaled.length > MAX_DECIMAL_BYTES) {
      out.generator().writeBinary(unscaled);
    } else {
      out.generator().writeNumber(new BigDecimal(new BigInteger(unscaled), scale));
    }
  }

  private static byte[] readFixed(Decoder in, int size) throws IOException {
    byte[] bytes = new byte[size];
    in.readFixed(bytes);
    return bytes;
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static int require(int index, int size) {
    if (index < 0 || index >= size) {
      throw new UnreadableValueException(
          "expected a branch or symbol from 0 to " + (size - 1) + ", found " + index);
    }
    return index;
  }

  private static void requireDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw new UnreadableValueException("expected at most " + MAX_DEPTH + " levels, found more");
    }
  }
}
