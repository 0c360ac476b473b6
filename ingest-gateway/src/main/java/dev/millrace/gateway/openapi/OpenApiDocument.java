package dev.millrace.gateway.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document of the gateway. Bodies are validated against the schemas in it, so that what
 * is documented is what happens.
 */
public final class OpenApiDocument {

  /** Keyword beside a pattern: what it means, for people. */
  static final String EXPECTED = "x-expected";

  private static final String RESOURCE = "openapi.yaml";
  private static final String LOCATION = "https://millrace.invalid/openapi";
  private static final NodePath SCHEMAS =
      new NodePath(PathType.JSON_POINTER).append("components").append("schemas");

  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*\\}");

  private final String yaml;
  private final JsonNode root;
  private final Schema document;

  private OpenApiDocument(String yaml) {
    this.yaml = yaml;
    this.root = new YAMLMapper().readTree(yaml);
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .locale(Locale.ENGLISH)
            .build();
    // Read once as a whole: to ask for each schema by its location would read it as often.
    this.document =
        SchemaRegistry.withDefaultDialect(
                dialect(root), builder -> builder.schemaRegistryConfig(config))
            .getSchema(SchemaLocation.of(LOCATION), root);
  }

  /** That of the schemas, and what stands beside them in the document: it checks nothing. */
  private static Dialect dialect(JsonNode root) {
    return Dialect.builder(Dialects.getDraft202012())
        .keywords(
            Stream.concat(root.propertyNames().stream(), Stream.of(EXPECTED))
                .map(NonValidationKeyword::new)
                .toList())
        .build();
  }

  /** Reads the document from the class path. */
  public static OpenApiDocument load() {
    try (InputStream in = OpenApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the class path has no " + RESOURCE);
      }
      return new OpenApiDocument(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + RESOURCE, e);
    }
  }

  /** The document as it was written. */
  public String yaml() {
    return yaml;
  }

  /** The document as a tree. */
  public JsonNode root() {
    return root;
  }

  /**
   * Names of the query parameters of an operation, in the order of the document.
   *
   * @param method method in lower case
   * @param path path of a route, whose parameters may have other names than in the document
   * @return nothing when the document has no such operation
   */
  Optional<Set<String>> queryParameters(String method, String path) {
    return root.path("paths").properties().stream()
        .filter(entry -> shape(entry.getKey()).equals(shape(path)))
        .map(entry -> resolved(entry.getValue()))
        .filter(item -> item.has(method))
        .findFirst()
        .map(item -> item.path(method).path("parameters").valueStream())
        .map(this::queryParameters);
  }

  private Set<String> queryParameters(Stream<JsonNode> parameters) {
    return parameters
        .map(this::resolved)
        .filter(parameter -> parameter.path("in").asString().equals("query"))
        .map(parameter -> parameter.path("name").asString())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String shape(String path) {
    return PARAMETER.matcher(path).replaceAll("{}");
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.get("$ref").asString().substring(1)) : node;
  }

  /** One of the document's schemas. */
  Schema schema(String name) {
    if (root.at("/components/schemas/" + name).isMissingNode()) {
      throw new IllegalArgumentException("the OpenAPI document has no schema " + name);
    }
    return document.getSubSchema(SCHEMAS.append(name));
  }
}
