package dev.millrace.audit.copy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.audit.decode.StorableText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Headers of a record as a JSON object: a text as a string, other bytes as {@code {"base64": ...}},
 * several values of one name as an array in their order.
 */
final class HeadersJson {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int TYPICAL_BYTES = 512;

  private HeadersJson() {}

  static byte[] of(Headers headers) {
    Map<String, List<Header>> byName = new LinkedHashMap<>();
    for (Header header : headers) {
      byName.computeIfAbsent(StorableText.of(header.key()), name -> new ArrayList<>(1)).add(header);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      for (Map.Entry<String, List<Header>> named : byName.entrySet()) {
        json.writeFieldName(named.getKey());
        values(named.getValue(), json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static void values(List<Header> headers, JsonGenerator json) throws IOException {
    if (headers.size() == 1) {
      value(headers.getFirst().value(), json);
      return;
    }
    json.writeStartArray();
    for (Header header : headers) {
      value(header.value(), json);
    }
    json.writeEndArray();
  }

  private static void value(byte[] value, JsonGenerator json) throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    String text = MirrorRow.text(value);
    if (text != null) {
      json.writeString(text);
      return;
    }
    json.writeStartObject();
    json.writeFieldName("base64");
    json.writeBinary(value);
    json.writeEndObject();
  }
}
