package dev.millrace.health.analyst;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.writer.AnswerSchema;
import java.util.List;
import java.util.Optional;

/**
 * What a model answers about an anomaly.
 *
 * @param action one of those it may propose, or {@code none}
 * @param confidence how sure, from 0 to 1
 * @param reasoning why
 */
record ModelAnswer(
    @JsonProperty(required = true) String action,
    @JsonProperty(required = true) double confidence,
    @JsonProperty(required = true) String reasoning) {

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final String NONE = "none";
  private static final int MAX_REASONING_LENGTH = 2_000;

  /** What an answer must look like where these actions may be proposed. */
  static AnswerSchema schema(List<String> actions) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    var names = properties.putObject("action").putArray("enum");
    actions.forEach(names::add);
    names.add(NONE);
    properties.putObject("confidence").put("type", "number").put("minimum", 0).put("maximum", 1);
    properties
        .putObject("reasoning")
        .put("type", "string")
        .put("pattern", "\\S")
        .put("maxLength", MAX_REASONING_LENGTH);
    schema.putArray("required").add("action").add("confidence").add("reasoning");
    return AnswerSchema.of(schema.toString());
  }

  /** Reads JSON that fits the schema. */
  static ModelAnswer read(String json) {
    try {
      return JSON.readValue(json, ModelAnswer.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON that fits the schema is no answer", e);
    }
  }

  /** The action, if there is to be one. */
  Optional<String> proposed() {
    return action.equals(NONE) ? Optional.empty() : Optional.of(action);
  }
}
