package dev.millrace.schemas.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millrace.schemas.catalogue.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The few questions that Millrace asks a schema registry besides those of its serdes, over the API
 * that Confluent's and Apicurio's registries share. Every call waits for a registry that is away,
 * up to the patience of the configuration.
 */
public final class SchemaRegistry {

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
  private static final String JSON = "application/vnd.schemaregistry.v1+json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Schemas seen; an id never changes its schema. A site has thousands at the very most. */
  private static final int MAX_CACHED_SCHEMAS = 10_000;

  private final RegistryConfig config;
  private final HttpClient http;
  private final Map<Integer, Schema> schemas;
  private final Map<Registration, Integer> ids;

  /** A schema under its subject: the same one on two topics stands under two. */
  private record Registration(String topic, Schema schema) {}

  public SchemaRegistry(RegistryConfig config) {
    this(
        config,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(REQUEST_TIMEOUT)
            .build(),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>());
  }

  private SchemaRegistry(
      RegistryConfig config,
      HttpClient http,
      Map<Integer, Schema> schemas,
      Map<Registration, Integer> ids) {
    this.config = config;
    this.http = http;
    this.schemas = schemas;
    this.ids = ids;
  }

  /** The same registry, and what is known of it, for one who waits this long. */
  SchemaRegistry withPatience(Duration patience) {
    return new SchemaRegistry(config.withPatience(patience), http, schemas, ids);
  }

  /** The configuration it was made with. */
  public RegistryConfig config() {
    return config;
  }

  /** Whether the registry answers now; never waits longer than one request. */
  public boolean isAvailable() {
    try {
      return send(HttpRequest.newBuilder(path("/subjects?limit=1")).GET()).statusCode() < 400;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The schema that a record was written with.
   *
   * @throws UndecodableException if the registry does not know it
   * @throws RegistryUnavailableException if the registry does not answer within the patience
   */
  public Schema schema(int id) {
    Schema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    if (id <= 0) {
      throw UndecodableException.unknownSchema(id);
    }
    HttpResponse<String> response =
        patiently("read schema " + id, HttpRequest.newBuilder(path("/schemas/ids/" + id)).GET());
    Schema schema =
        switch (response.statusCode()) {
          case 200 -> parse(id, json(response).path("schema").asText());
          case 400, 404, 422 -> throw UndecodableException.unknownSchema(id);
          default -> throw refused("read schema " + id, response);
        };
    if (schemas.size() >= MAX_CACHED_SCHEMAS) {
      schemas.clear();
    }
    schemas.put(id, schema);
    return schema;
  }

  /**
   * Registers the schema of a topic, unless it is there already, and returns its id.
   *
   * @throws IllegalStateException if the registry refuses it, as one that is incompatible
   * @throws RegistryUnavailableException if the registry does not answer within the patience
   */
  public int register(Topic<?> topic) {
    String body = MAPPER.createObjectNode().put("schema", topic.schema().toString()).toString();
    HttpResponse<String> response =
        patiently(
            "register the schema of " + topic,
            HttpRequest.newBuilder(path("/subjects/" + topic.subject() + "/versions"))
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    if (response.statusCode() != 200) {
      throw new IllegalStateException(
          "the schema registry refused the schema of %s with status %d: %s"
              .formatted(topic, response.statusCode(), response.body()));
    }
    int id = json(response).path("id").asInt();
    ids.put(new Registration(topic.name(), topic.schema()), id);
    return id;
  }

  /** The id under which this process registered a schema for a topic, if it did. */
  OptionalInt registeredId(String topic, Schema schema) {
    Integer id = ids.get(new Registration(topic, schema));
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The newest schema of a topic that the registry has, with its id.
   *
   * @throws RegistryUnavailableException if the registry does not answer within the patience
   */
  public Optional<RegisteredSchema> latest(Topic<?> topic) {
    HttpResponse<String> response =
        patiently(
            "read the schema of " + topic,
            HttpRequest.newBuilder(path("/subjects/" + topic.subject() + "/versions/latest"))
                .GET());
    if (response.statusCode() == 404) {
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw refused("read the schema of " + topic, response);
    }
    JsonNode answer = json(response);
    int id = answer.path("id").asInt();
    return Optional.of(new RegisteredSchema(id, parse(id, answer.path("schema").asText())));
  }

  /** A schema and the id that records name it by. */
  public record RegisteredSchema(int id, Schema schema) {}

  /** Waits for an answer that is not the registry's own failure. */
  private HttpResponse<String> patiently(String purpose, HttpRequest.Builder request) {
    RegistryRetry retry = new RegistryRetry(purpose, config.patience());
    while (true) {
      String failure;
      IOException cause = null;
      try {
        HttpResponse<String> response = send(request);
        if (response.statusCode() < 500 && response.statusCode() != 429) {
          return response;
        }
        failure = "it answered with status " + response.statusCode();
      } catch (IOException e) {
        failure = "it did not answer: " + e.getClass().getSimpleName();
        cause = e;
      }
      if (!retry.waitForNextTry(failure)) {
        throw new RegistryUnavailableException(
            "could not %s at the schema registry %s within %s: %s"
                .formatted(purpose, config.confluentUrl(), config.patience(), failure),
            cause);
      }
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
          request.timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new RegistryUnavailableException(
          "expected JSON from the schema registry at " + response.uri() + ", found something else",
          e);
    }
  }

  private static Schema parse(int id, String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (SchemaParseException e) {
      throw UndecodableException.malformed(
          "schema %d of the registry is no Avro schema that stands alone: %s"
              .formatted(id, e.getMessage()),
          e);
    }
  }

  private RegistryUnavailableException refused(String purpose, HttpResponse<String> response) {
    return new RegistryUnavailableException(
        "could not %s at the schema registry %s: it answered with status %d"
            .formatted(purpose, config.confluentUrl(), response.statusCode()),
        null);
  }

  private URI path(String path) {
    return URI.create(config.confluentUrl() + path);
  }
}
