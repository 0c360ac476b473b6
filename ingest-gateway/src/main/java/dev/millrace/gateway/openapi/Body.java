package dev.millrace.gateway.openapi;

import dev.millrace.gateway.http.PointInTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object that fits its schema: what the schema requires is there, and everything is of the
 * type that the schema says.
 */
public record Body(JsonNode node) {

  /** A text that the schema requires. */
  public String text(String name) {
    return node.required(name).stringValue();
  }

  public Optional<String> optionalText(String name) {
    return present(name).map(JsonNode::stringValue);
  }

  public @Nullable String textOrNull(String name) {
    return optionalText(name).orElse(null);
  }

  public int integer(String name) {
    return node.required(name).intValue();
  }

  public double decimal(String name) {
    return node.required(name).doubleValue();
  }

  public boolean bool(String name, boolean defaultValue) {
    return present(name).map(JsonNode::booleanValue).orElse(defaultValue);
  }

  /** An object that the schema requires. */
  public Body object(String name) {
    return new Body(node.required(name));
  }

  public Optional<Body> optionalObject(String name) {
    return present(name).map(Body::new);
  }

  /** The JSON text of an object; an empty object when it is absent. */
  public String json(String name) {
    return optionalObject(name).map(object -> object.node().toString()).orElse("{}");
  }

  /** A list of texts; an empty one when it is absent. */
  public List<String> list(String name) {
    return present(name).stream()
        .flatMap(JsonNode::valueStream)
        .map(JsonNode::stringValue)
        .toList();
  }

  /** An object whose values are texts. */
  public Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    optionalObject(name)
        .ifPresent(object ->
            object
                .node()
                .properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asString())));
    return texts;
  }

  /** A point in time. */
  public @Nullable Instant instant(String name) {
    return optionalText(name).map(text -> PointInTime.parse('/' + name, text)).orElse(null);
  }

  private Optional<JsonNode> present(String name) {
    return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
  }
}
