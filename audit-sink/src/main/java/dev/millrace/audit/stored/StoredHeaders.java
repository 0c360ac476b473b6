package dev.millrace.audit.stored;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Headers from the column {@code headers}: a text, {@code {"base64": ...}}, null, or an array of
 * these for several headers of one name.
 */
public final class StoredHeaders {

  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredHeaders() {}

  /** Reads what the sink wrote. */
  public static Headers parse(String json) {
    Headers headers = new RecordHeaders();
    try {
      JSON.readTree(json)
          .properties()
          .forEach(entry -> add(headers, entry.getKey(), entry.getValue()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected the headers of a record, found " + json, e);
    }
    return headers;
  }

  private static void add(Headers headers, String name, JsonNode value) {
    if (value.isArray()) {
      value.forEach(one -> headers.add(name, bytes(one)));
    } else {
      headers.add(name, bytes(value));
    }
  }

  private static byte @Nullable [] bytes(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    if (value.isTextual()) {
      return value.textValue().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return value.path("base64").binaryValue();
    } catch (IOException e) {
      throw new IllegalArgumentException("expected a header's bytes in Base64, found " + value, e);
    }
  }
}
