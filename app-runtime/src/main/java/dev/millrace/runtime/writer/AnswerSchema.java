package dev.millrace.runtime.writer;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the JSON of an answer must look like: JSON Schema, draft 2020-12. Nothing is fetched for it
 * from anywhere.
 */
public final class AnswerSchema {

  /** Attribute of a task: the schema of its answer. */
  public static final String TASK_ATTRIBUTE = "answer_schema";

  /** Largest schema that a task may bring along, in characters. */
  static final int MAX_LENGTH = 16_000;

  private static final int MAX_PROBLEMS = 10;
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** What a schema must look like itself; the library brings it along. */
  private static final Schema META_SCHEMA =
      REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

  /** The last block of code that is marked as JSON, or as nothing. */
  private static final Pattern BLOCK =
      Pattern.compile("```(?:json)?[ \\t]*\\n(.*?)\\n[ \\t]*```", Pattern.DOTALL);

  private final String text;
  private final Schema schema;

  private AnswerSchema(String text, Schema schema) {
    this.text = text;
    this.schema = schema;
  }

  /**
   * Reads a schema.
   *
   * @throws InvalidSchemaException if it is none
   */
  public static AnswerSchema of(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidSchemaException(
          "expected at most %d characters, found %d".formatted(MAX_LENGTH, text.length()));
    }
    try {
      JsonNode tree = JSON.readTree(text);
      if (!tree.isObject()) {
        throw new InvalidSchemaException("expected a JSON object");
      }
      List<Error> errors = META_SCHEMA.validate(tree);
      if (!errors.isEmpty()) {
        throw new InvalidSchemaException(said(errors));
      }
      Schema schema = REGISTRY.getSchema(tree);
      schema.initializeValidators();
      return new AnswerSchema(text.strip(), schema);
    } catch (JacksonException e) {
      throw new InvalidSchemaException("expected JSON: " + e.getOriginalMessage());
    } catch (SchemaException e) {
      throw new InvalidSchemaException(String.valueOf(e.getMessage()));
    }
  }

  /** A task asks for JSON of a shape that is no JSON Schema. */
  public static final class InvalidSchemaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidSchemaException(String reason) {
      super(reason);
    }
  }

  /** The schema as it was written. */
  public String text() {
    return text;
  }

  /** What an answer is. */
  public sealed interface Checked {

    /** JSON that fits; only it, without what was said around it. */
    record Fits(String json) implements Checked {}

    /** Something else. */
    record DoesNotFit(String problem) implements Checked {}
  }

  /** Finds the JSON in an answer, and checks it. */
  public Checked check(String answer) {
    Optional<JsonNode> found = find(answer);
    if (found.isEmpty()) {
      return new Checked.DoesNotFit("expected a JSON object, found none");
    }
    List<Error> errors = schema.validate(found.get());
    return errors.isEmpty()
        ? new Checked.Fits(found.get().toString())
        : new Checked.DoesNotFit(said(errors));
  }

  private static String said(List<Error> errors) {
    return errors.stream()
        .limit(MAX_PROBLEMS)
        .map(error -> place(error) + ": " + error.getMessage())
        .collect(Collectors.joining("; "));
  }

  private static String place(Error error) {
    String place = error.getInstanceLocation().toString();
    return place.isEmpty() ? "/" : place;
  }

  /** The whole answer; else the last block of code in it; else what is within the outer braces. */
  private static Optional<JsonNode> find(String answer) {
    Optional<JsonNode> whole = parse(answer);
    if (whole.isPresent()) {
      return whole;
    }
    Optional<JsonNode> last = Optional.empty();
    for (Matcher block = BLOCK.matcher(answer); block.find(); ) {
      last = parse(block.group(1));
    }
    if (last.isPresent()) {
      return last;
    }
    int begin = answer.indexOf('{');
    int end = answer.lastIndexOf('}');
    return begin < 0 || end < begin ? Optional.empty() : parse(answer.substring(begin, end + 1));
  }

  private static Optional<JsonNode> parse(String text) {
    try {
      return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isContainer);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}
