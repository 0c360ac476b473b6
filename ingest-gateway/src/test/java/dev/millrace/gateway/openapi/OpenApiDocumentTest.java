package dev.millrace.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class OpenApiDocumentTest {

  private static final OpenApiDocument DOCUMENT = OpenApiDocument.load();

  record Example(String operation, String schema, JsonNode value) {}

  static Stream<Example> requestExamples() {
    List<Example> examples = new ArrayList<>();
    collect(DOCUMENT.root().get("paths"), examples);
    collect(DOCUMENT.root().at("/components/pathItems"), examples);
    return examples.stream();
  }

  @ParameterizedTest
  @MethodSource("requestExamples")
  void everyExampleOfARequestFitsItsSchema(Example example) {
    BodySchema schema = new BodySchema(DOCUMENT, example.schema());

    assertThatCode(() -> schema.check(example.value())).doesNotThrowAnyException();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> dangling =
        DOCUMENT.root().findValuesAsString("$ref").stream()
            .filter(ref -> DOCUMENT.root().at(ref.substring(1)).isMissingNode())
            .toList();

    assertThat(dangling).isEmpty();
  }

  @Test
  void everyOperationForKnownCallersMayRefuseWhatItIsAskedWith() {
    List<JsonNode> responses = DOCUMENT.root().findParents("401");

    assertThat(responses).isNotEmpty().allMatch(statuses -> statuses.has("400"));
  }

  @Test
  void everyAnswerInJsonHasAShape() {
    List<String> shapeless =
        DOCUMENT.root().path("paths").properties().stream()
            .filter(path -> !path.getKey().equals("/openapi"))
            .flatMap(path ->
                path.getValue().findValues("responses").stream()
                    .flatMap(responses -> responses.findParents("application/json").stream())
                    .map(content -> content.at("/application~1json/schema"))
                    .filter(schema -> schema.path("type").asString("").equals("object"))
                    .filter(schema -> !schema.has("properties"))
                    .map(_ -> path.getKey()))
            .toList();

    assertThat(shapeless).isEmpty();
  }

  @Test
  void everyPatternOfABodySaysWhatItMeans() {
    List<JsonNode> patterns = DOCUMENT.root().at("/components/schemas").findParents("pattern");

    assertThat(patterns)
        .filteredOn(schema -> !schema.path("pattern").asString().equals("\\S"))
        .isNotEmpty()
        .allMatch(schema -> schema.path(OpenApiDocument.EXPECTED).isString());
  }

  private static void collect(JsonNode paths, List<Example> examples) {
    paths
        .properties()
        .forEach(path -> {
          JsonNode content = path.getValue().at("/post/requestBody/content/application~1json");
          JsonNode schema = content.path("schema");
          List<JsonNode> values = new ArrayList<>();
          if (content.has("example")) {
            values.add(content.get("example"));
          }
          content.path("examples").forEach(example -> values.add(example.get("value")));
          List<String> references =
              schema.has("oneOf")
                  ? schema.get("oneOf").valueStream().map(OpenApiDocumentTest::reference).toList()
                  : schema.has("$ref") ? List.of(reference(schema)) : List.of();
          for (int i = 0; i < values.size() && !references.isEmpty(); i++) {
            examples.add(new Example(path.getKey(), references.get(i), values.get(i)));
          }
        });
  }

  private static String reference(JsonNode schema) {
    String reference = schema.get("$ref").asString();
    return reference.substring(reference.lastIndexOf('/') + 1);
  }
}
