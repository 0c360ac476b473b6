package dev.millrace.audit.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.schemas.event.EventContext;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** A record as one JSON object, for a file or a sample. */
final class RecordJson {

  private static final JsonFactory JSON = new JsonFactory();

  private RecordJson() {}

  /**
   * Everything of a record on one line; key, value and headers in Base64, as they were, or as the
   * mirror has them where {@code redacted} says what was taken out.
   */
  static String line(StoredRecord stored) {
    return write(json -> {
      json.writeStartObject();
      place(json, stored);
      ConsumerRecord<byte[], byte[]> record = stored.record();
      json.writeArrayFieldStart("headers");
      for (Header header : record.headers()) {
        json.writeStartObject();
        json.writeStringField("name", header.key());
        binary(json, "value_base64", header.value());
        json.writeEndObject();
      }
      json.writeEndArray();
      binary(json, "key_base64", record.key());
      binary(json, "value_base64", record.value());
      json.writeEndObject();
    });
  }

  /** What a person wants to see of some records, as an array. */
  static String sample(List<StoredRecord> records) {
    return write(json -> {
      json.writeStartArray();
      for (StoredRecord stored : records) {
        json.writeStartObject();
        place(json, stored);
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  private static void place(JsonGenerator json, StoredRecord stored) throws IOException {
    ConsumerRecord<byte[], byte[]> record = stored.record();
    EventContext context = EventContext.of(record);
    json.writeStringField("topic", record.topic());
    json.writeNumberField("partition", record.partition());
    json.writeNumberField("offset", record.offset());
    json.writeStringField("timestamp", Instant.ofEpochMilli(record.timestamp()).toString());
    json.writeStringField(
        "key", record.key() == null ? null : new String(record.key(), StandardCharsets.UTF_8));
    json.writeStringField("event_id", context.id().value());
    json.writeStringField("trace_id", context.trace().traceId());
    if (stored.redacted() != null) {
      json.writeStringField("redacted", stored.redacted());
    }
    json.writeFieldName("payload");
    if (stored.payload() == null) {
      json.writeNull();
    } else {
      json.writeRawValue(stored.payload());
    }
  }

  private static void binary(JsonGenerator json, String name, byte[] value) throws IOException {
    if (value == null) {
      json.writeNullField(name);
    } else {
      json.writeBinaryField(name, value);
    }
  }

  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }

  private static String write(Content content) {
    try (Writer text = new StringWriter();
        JsonGenerator json = JSON.createGenerator(text)) {
      content.writeTo(json);
      json.flush();
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
  }
}
