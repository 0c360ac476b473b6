package dev.millrace.audit.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A text that should hold JSON, copied token by token: numbers keep their digits, and what {@code
 * jsonb} cannot hold is replaced. Not for use by several threads at once.
 */
final class EmbeddedJson {

  /** Postgres' {@code numeric} ends near 10^131072; no honest number comes close. */
  private static final int MAX_EXPONENT = 1_000;

  private final JsonFactory json;
  private JsonOutput.Limited bytes = new JsonOutput.Limited();
  private boolean replaced;

  EmbeddedJson(JsonFactory json) {
    this.json = json;
  }

  /** Whether the text is one JSON value; it is then ready to be written. */
  boolean read(byte[] text, int length) {
    bytes = new JsonOutput.Limited();
    replaced = false;
    if (!mayBeJson(text, length)) {
      return false;
    }
    try (JsonParser parser = json.createParser(text, 0, length);
        JsonGenerator generator = json.createGenerator(bytes)) {
      int depth = 0;
      do {
        JsonToken token = parser.nextToken();
        if (token == null) {
          return false;
        }
        copy(token, parser, generator);
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      } while (depth > 0);
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  boolean isReplaced() {
    return replaced;
  }

  String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  void writeTo(JsonOutput.Limited out) throws IOException {
    bytes.writeTo(out);
  }

  /** No JSON text has a zero byte in UTF-8, but the parser would guess at UTF-16 from one. */
  private static boolean mayBeJson(byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      if (text[i] == 0) {
        return false;
      }
    }
    return length > 0;
  }

  private void copy(JsonToken token, JsonParser parser, JsonGenerator generator)
      throws IOException {
    switch (token) {
      case FIELD_NAME -> generator.writeFieldName(storable(parser.currentName()));
      case VALUE_STRING -> generator.writeString(storable(parser.getText()));
      case VALUE_NUMBER_INT -> generator.writeNumber(parser.getText());
      case VALUE_NUMBER_FLOAT -> number(parser.getText(), generator);
      default -> generator.copyCurrentEvent(parser);
    }
  }

  private static void number(String text, JsonGenerator generator) throws IOException {
    int e = Math.max(text.indexOf('e'), text.indexOf('E'));
    if (e >= 0) {
      String exponent = text.substring(e + 1);
      if (exponent.length() > 6 || Math.abs(Integer.parseInt(exponent)) > MAX_EXPONENT) {
        generator.writeString(text);
        return;
      }
    }
    generator.writeNumber(text);
  }

  private String storable(String text) {
    String storable = StorableText.of(text);
    replaced |= !storable.equals(text);
    return storable;
  }
}
