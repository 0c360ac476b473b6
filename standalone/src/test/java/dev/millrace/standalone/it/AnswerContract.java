package dev.millrace.standalone.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import dev.millrace.gateway.openapi.OpenApiDocument;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the gateway to its OpenAPI document: every answer that a test gets is one of it. */
final class AnswerContract {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*\\}");
  private static final String JSON = "application/json";

  private final JsonNode root = OpenApiDocument.load().root();
  private final Schema document =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of("https://millrace.invalid/openapi"), root);

  /**
   * Checks an answer. Paths and methods that the document does not have are not checked: tests ask
   * for those on purpose.
   *
   * @param path path of the request, without its query
   * @param mediaType media type of the answer, without parameters
   * @throws AssertionError if the document does not have the status, or has another shape for it
   */
  void check(String method, String path, int status, String mediaType, String body) {
    operation(method, path)
        .ifPresent(operation -> check(operation, method + ' ' + path, status, mediaType, body));
  }

  private void check(NodePath operation, String call, int status, String mediaType, String body) {
    NodePath response = resolved(operation.append("responses").append(Integer.toString(status)));
    assertThat(at(response).isMissingNode())
        .as("%s: the OpenAPI document has no status %d; it came with %s", call, status, body)
        .isFalse();
    NodePath schema = response.append("content").append(JSON).append("schema");
    if (mediaType.equals(JSON) && !at(schema).isMissingNode()) {
      assertThat(document.getSubSchema(schema).validate(MAPPER.readTree(body)))
          .as("%s: %d %s", call, status, body)
          .isEmpty();
    }
  }

  /** Where an operation stands; that of a path without parameters before others. */
  private Optional<NodePath> operation(String method, String path) {
    return root.path("paths").properties().stream()
        .map(Map.Entry::getKey)
        .filter(template -> path.matches(PARAMETER.matcher(template).replaceAll("[^/]+")))
        .min(Comparator.comparing(template -> template.contains("{")))
        .map(template ->
            resolved(new NodePath(PathType.JSON_POINTER).append("paths").append(template))
                .append(method.toLowerCase(Locale.ROOT)))
        .filter(operation -> !at(operation).isMissingNode());
  }

  private NodePath resolved(NodePath place) {
    JsonNode reference = at(place).path("$ref");
    if (reference.isMissingNode()) {
      return place;
    }
    NodePath target = new NodePath(PathType.JSON_POINTER);
    for (String name : reference.asString().substring(2).split("/", -1)) {
      target = target.append(name.replace("~1", "/").replace("~0", "~"));
    }
    return target;
  }

  private JsonNode at(NodePath place) {
    return root.at(place.toString());
  }
}
