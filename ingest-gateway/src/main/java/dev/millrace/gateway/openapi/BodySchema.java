package dev.millrace.gateway.openapi;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import dev.millrace.gateway.http.FieldError;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.gateway.http.StorableText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.JsonNodeException;

/** What a body must look like, by a schema of the OpenAPI document. */
public final class BodySchema {

  /** Errors that a client is told about at once. */
  private static final int MAX_ERRORS = 20;

  private static final Pattern INTERNALS =
      Pattern.compile(" \\(start marker at .*|, from `[^`]*`|: enable `.*");

  private static final String NOT_BLANK = "regex pattern \\S";

  private final Schema schema;

  private final OpenApiDocument document;

  public BodySchema(OpenApiDocument document, String name) {
    this.schema = document.schema(name);
    this.document = document;
  }

  /**
   * Reads a body that is JSON.
   *
   * @throws ProblemException 400 if it is not
   */
  public static JsonNode parse(byte[] body) {
    if (body.length == 0) {
      throw ProblemException.malformed("expected JSON, found an empty body");
    }
    JsonNode node;
    try {
      node = Json.mapper().readTree(body);
    } catch (JacksonException e) {
      throw ProblemException.malformed("expected JSON: " + reason(e) + place(e.getLocation()));
    }
    if (node.isMissingNode()) {
      throw ProblemException.malformed("expected JSON, found nothing but white space");
    }
    return node;
  }

  /** What is wrong with the JSON, without the parts that only mean something to our code. */
  private static String reason(JacksonException e) {
    String message = firstLine(e.getOriginalMessage());
    return message.startsWith("Trailing token")
        ? "something follows the value"
        : INTERNALS.matcher(message).replaceAll("");
  }

  private static String place(@Nullable TokenStreamLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  /**
   * Reads a body and checks it.
   *
   * @throws ProblemException 400 if it is not JSON, or not as the schema says; names the fields
   */
  public Body read(byte[] body) {
    return check(parse(body));
  }

  /** Reads a body that may be left out: nothing is an empty object. */
  public Body readOptional(byte[] body) {
    return body.length == 0 ? check(Json.object()) : read(body);
  }

  /** Checks a body. */
  public Body check(JsonNode node) {
    requireStorable(node, "");
    List<Error> found = validate(node);
    if (!found.isEmpty()) {
      throw ProblemException.invalid(
          found.stream()
              .filter(error -> !isAlternative(error))
              .map(this::fieldError)
              .distinct()
              .limit(MAX_ERRORS)
              .toList());
    }
    return new Body(node);
  }

  /**
   * The validator compares a number with whole ones, and fails on one that is larger than any.
   *
   * @throws ProblemException 400 that names it
   */
  private List<Error> validate(JsonNode node) {
    try {
      return schema.validate(node);
    } catch (JsonNodeException e) {
      requireNumbers(node, "");
      throw e;
    }
  }

  private static void requireNumbers(JsonNode node, String place) {
    if (node.isFloatingPointNumber() && Math.abs(node.doubleValue()) >= Long.MAX_VALUE) {
      throw ProblemException.invalid(
          pointer(place), "expected a number of at most 18 digits, found " + node.asString());
    }
    node.properties()
        .forEach(entry -> requireNumbers(entry.getValue(), place + '/' + entry.getKey()));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      requireNumbers(node.get(i), place + '/' + i);
    }
  }

  /** What is passed on as JSON is to say what the client said, and Postgres must hold it. */
  private static void requireStorable(JsonNode node, String place) {
    if (node.isString()) {
      StorableText.require(pointer(place), node.stringValue());
    }
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw ProblemException.invalid(
          pointer(place), "expected a number of at most 308 digits before its point");
    }
    node.properties()
        .forEach(entry -> {
          StorableText.require(pointer(place), entry.getKey());
          requireStorable(entry.getValue(), place + '/' + entry.getKey());
        });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      requireStorable(node.get(i), place + '/' + i);
    }
  }

  /** Why one of several alternatives does not fit, which the error of all of them tells already. */
  private static boolean isAlternative(Error error) {
    return error.getSchemaLocation().getFragment().toString().contains("/oneOf/");
  }

  private FieldError fieldError(Error error) {
    String place = error.getInstanceLocation().toString();
    return switch (error.getKeyword()) {
      case "required" -> new FieldError(place + '/' + error.getProperty(), "is required");
      case "additionalProperties" ->
          new FieldError(place + '/' + error.getProperty(), unknown(error));
      case "enum" -> new FieldError(pointer(place), "expected one of " + error.getArguments()[0]);
      case "pattern" -> new FieldError(pointer(place), pattern(error));
      case "format" -> new FieldError(pointer(place), format(error));
      case "oneOf" -> new FieldError(pointer(place), alternatives(error));
      default -> new FieldError(pointer(place), error.getMessage());
    };
  }

  /** The keyword that refuses a field stands beside the properties that are known. */
  private String unknown(Error error) {
    Collection<String> known = schemaOf(error).path("properties").propertyNames();
    return known.isEmpty()
        ? "is not a field that is known here"
        : "is not a field that is known here; known are " + String.join(", ", known);
  }

  private static String format(Error error) {
    return error.getMessage().contains("date-time")
        ? "expected a date and time with its offset, such as 2026-01-23T10:00:00Z"
        : error.getMessage();
  }

  /** Of objects that differ in a field that they need, the fields. */
  private String alternatives(Error error) {
    List<String> fields = new ArrayList<>();
    document
        .root()
        .at(error.getSchemaLocation().getFragment().toString())
        .forEach(one -> one.path("required").forEach(field -> fields.add(field.asString())));
    return fields.isEmpty()
        ? error.getMessage()
        : "expected exactly one of " + String.join(", ", fields);
  }

  private String pattern(Error error) {
    if (error.getMessage().endsWith(NOT_BLANK)) {
      return "must not be blank";
    }
    JsonNode expected = schemaOf(error).path(OpenApiDocument.EXPECTED);
    return expected.isString() ? "expected " + expected.stringValue() : error.getMessage();
  }

  /** The schema that has the keyword which is not fulfilled. */
  private JsonNode schemaOf(Error error) {
    String keyword = error.getSchemaLocation().getFragment().toString();
    return document.root().at(keyword.substring(0, keyword.lastIndexOf('/')));
  }

  private static String pointer(String place) {
    return place.isEmpty() ? "/" : place;
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
