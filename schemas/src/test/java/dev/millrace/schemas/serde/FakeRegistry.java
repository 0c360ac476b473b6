package dev.millrace.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Answers as an Apicurio registry does, to its own API and to the one that Confluent's clients use,
 * as far as the serdes ask. It can be stopped and come back at the same port with what it knew.
 */
final class FakeRegistry implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<Integer, String> schemas = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private int port;
  private int failureStatus;
  private @Nullable HttpServer server;

  FakeRegistry() throws IOException {
    start();
  }

  synchronized void start() throws IOException {
    HttpServer starting =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    port = starting.getAddress().getPort();
    starting.createContext("/", this::handle);
    starting.start();
    server = starting;
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
      server = null;
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Answers everything with this status from now on; 0 ends it. */
  synchronized void failWith(int status) {
    failureStatus = status;
  }

  /** Makes a schema known and returns its id. */
  synchronized int add(String schema) {
    for (Map.Entry<Integer, String> known : schemas.entrySet()) {
      if (known.getValue().equals(schema)) {
        return known.getKey();
      }
    }
    int id = schemas.size() + 1;
    schemas.put(id, schema);
    return id;
  }

  int add(Schema schema) {
    return add(schema.toString());
  }

  synchronized int size() {
    return schemas.size();
  }

  /** All requests so far, as {@code GET /path?query}. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String path = exchange.getRequestURI().getPath();
      @Nullable String answer;
      int status;
      synchronized (this) {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        answer = failureStatus == 0 ? answer(exchange.getRequestMethod(), path, body) : "{}";
        status = failureStatus == 0 ? (answer == null ? 404 : 200) : failureStatus;
      }
      byte[] bytes = (answer == null ? "{\"error_code\":40403}" : answer).getBytes(UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private @Nullable String answer(String method, String path, String body) throws IOException {
    if (path.startsWith("/apis/ccompat/v7/")) {
      return confluent(method, path.substring("/apis/ccompat/v7".length()), body);
    }
    return apicurio(method, path.substring("/apis/registry/v3".length()), body);
  }

  private @Nullable String confluent(String method, String path, String body) throws IOException {
    if (path.equals("/subjects")) {
      return "[]";
    }
    if (path.startsWith("/schemas/ids/")) {
      String schema = schemas.get(lastNumber(path));
      return schema == null ? null : MAPPER.createObjectNode().put("schema", schema).toString();
    }
    if (method.equals("POST")) {
      int id = add(MAPPER.readTree(body).path("schema").asText());
      return MAPPER.createObjectNode().put("id", id).toString();
    }
    return null;
  }

  private @Nullable String apicurio(String method, String path, String body) throws IOException {
    if (path.startsWith("/ids/contentIds/")) {
      return path.endsWith("/references") ? "[]" : schemas.get(lastNumber(path));
    }
    if (method.equals("POST") && path.endsWith("/artifacts")) {
      JsonNode request = MAPPER.readTree(body);
      String schema = request.path("firstVersion").path("content").path("content").asText();
      return registered(request.path("artifactId").asText(), add(schema));
    }
    return null;
  }

  private static String registered(String artifact, int id) {
    ObjectNode answer = MAPPER.createObjectNode();
    answer.putObject("artifact").put("artifactId", artifact).put("groupId", "default");
    answer
        .putObject("version")
        .put("artifactId", artifact)
        .put("groupId", "default")
        .put("version", "1")
        .put("globalId", id)
        .put("contentId", id)
        .put("artifactType", "AVRO");
    return answer.toString();
  }

  private static int lastNumber(String path) {
    return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
  }
}
