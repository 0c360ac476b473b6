package dev.millrace.audit.redact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

/**
 * Blanks what a path leads to in a text that holds JSON. The text is copied as it is read: as a
 * tree it could take a hundred times its size.
 */
final class EmbeddedBlanks {

  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser in;
  private final JsonGenerator out;
  private boolean changed;

  private EmbeddedBlanks(JsonParser in, JsonGenerator out) {
    this.in = in;
    this.out = out;
  }

  /**
   * The text with blanks; none if there is nothing to blank.
   *
   * @throws IOException if it is not one JSON value, or one that is nested deeper than 1,000 times
   */
  static Optional<String> apply(String text, List<String> steps) throws IOException {
    StringWriter copied = new StringWriter();
    try (JsonParser in = JSON.createParser(text);
        JsonGenerator out = JSON.createGenerator(copied)) {
      EmbeddedBlanks blanks = new EmbeddedBlanks(in, out);
      if (in.nextToken() != null) {
        blanks.copy(steps);
        if (in.nextToken() != null) {
          throw new IOException("expected one JSON value, found another behind it");
        }
      }
      out.flush();
      return blanks.changed ? Optional.of(copied.toString()) : Optional.empty();
    }
  }

  /** Copies the value that begins here, with blanks where the steps lead. */
  private void copy(List<String> steps) throws IOException {
    if (steps.isEmpty()) {
      in.skipChildren();
      out.writeString(Redactions.BLANK);
      changed = true;
    } else if (in.currentToken() == JsonToken.START_OBJECT) {
      copyObject(steps.getFirst(), steps.subList(1, steps.size()));
    } else if (in.currentToken() == JsonToken.START_ARRAY
        && steps.getFirst().equals(RedactionPath.EVERY)) {
      copyArray(steps.subList(1, steps.size()));
    } else {
      copyAsItIs();
    }
  }

  /** Numbers with the digits that they have. */
  private void copyAsItIs() throws IOException {
    if (in.currentToken().isStructStart()) {
      out.copyCurrentStructureExact(in);
    } else {
      out.copyCurrentEventExact(in);
    }
  }

  private void copyObject(String step, List<String> rest) throws IOException {
    out.writeStartObject();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      out.writeFieldName(name);
      in.nextToken();
      if (step.equals(RedactionPath.EVERY) || step.equals(name)) {
        copy(rest);
      } else {
        copyAsItIs();
      }
    }
    out.writeEndObject();
  }

  private void copyArray(List<String> rest) throws IOException {
    out.writeStartArray();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      copy(rest);
    }
    out.writeEndArray();
  }
}
