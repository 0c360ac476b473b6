package dev.millrace.audit.readmodel;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.millrace.audit.decode.StorableJson;
import dev.millrace.audit.decode.StorableText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a JSON object from what is there: absent values leave no field. */
final class Details {

  private static final JsonFactory JSON = new JsonFactory();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator json;

  Details() {
    try {
      json = JSON.createGenerator(text);
      json.writeStartObject();
    } catch (IOException e) {
      throw unexpected(e);
    }
  }

  /** Adds a text, a number, a truth value, or the text of anything else. */
  Details put(String name, @Nullable Object value) {
    try {
      if (value != null) {
        json.writeFieldName(name);
        write(value);
      }
      return this;
    } catch (IOException e) {
      throw unexpected(e);
    }
  }

  /** Adds the JSON value that a text holds. */
  Details json(String name, @Nullable String value) {
    try {
      if (value != null) {
        json.writeFieldName(name);
        json.writeRawValue(StorableJson.of(value));
      }
      return this;
    } catch (IOException e) {
      throw unexpected(e);
    }
  }

  /** Adds a list of texts. */
  Details list(String name, Iterable<String> values) {
    try {
      json.writeArrayFieldStart(name);
      for (String value : values) {
        write(value);
      }
      json.writeEndArray();
      return this;
    } catch (IOException e) {
      throw unexpected(e);
    }
  }

  /** The object. */
  String build() {
    try {
      json.writeEndObject();
      json.close();
      return text.toString();
    } catch (IOException e) {
      throw unexpected(e);
    }
  }

  /** An object of texts. */
  static String of(Map<String, String> values) {
    Details details = new Details();
    values.forEach((name, value) -> details.put(StorableText.of(name), value));
    return details.build();
  }

  /** An array of texts. */
  static String array(Iterable<String> values) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (String value : values) {
        json.writeString(StorableText.of(value));
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw unexpected(e);
    }
    return text.toString();
  }

  private void write(Object value) throws IOException {
    switch (value) {
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Boolean truth -> json.writeBoolean(truth);
      case Enum<?> symbol -> json.writeString(Names.of(symbol));
      default -> json.writeString(StorableText.of(value.toString()));
    }
  }

  private static UncheckedIOException unexpected(IOException e) {
    return new UncheckedIOException("memory cannot be written", e);
  }
}
