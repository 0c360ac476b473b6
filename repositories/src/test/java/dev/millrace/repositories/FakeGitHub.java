package dev.millrace.repositories;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.millrace.repositories.FakeObjects.Blob;
import dev.millrace.repositories.FakeObjects.FakeCommit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Behaves like GitHub's REST API for one repository, {@code acme/site} with the branch {@code
 * main}, as far as reading and committing files go.
 */
final class FakeGitHub implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BASE = "/repos/acme/site";
  private static final int INLINE_BYTES = 1_000_000;

  private final HttpServer server;
  private final FakeObjects objects = new FakeObjects();

  /** The one pull request there is, and its reviews. */
  final FakePullRequest pullRequest = new FakePullRequest();

  private final List<String> requests = new ArrayList<>();

  /** Requests that were answered with 304, as nothing had changed. */
  final List<String> notModified = new CopyOnWriteArrayList<>();

  private final List<Failure> failures = new ArrayList<>();
  private @Nullable String authorization;

  /** What to answer instead, once, to requests that a predicate picks by method and path. */
  private record Failure(
      Predicate<String> request,
      Runnable before,
      int status,
      Map<String, String> headers,
      String body) {}

  FakeGitHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Commits these files on top of a branch. */
  synchronized String commit(String branch, String message, Map<String, Blob> files) {
    return objects.commit(branch, message, files);
  }

  /** Answers the next request that starts like this with a failure, after doing something. */
  synchronized void failNext(
      String methodAndPath, int status, Map<String, String> headers, String message) {
    failNext(methodAndPath, () -> {}, status, headers, message);
  }

  synchronized void failNext(
      String methodAndPath,
      Runnable before,
      int status,
      Map<String, String> headers,
      String message) {
    failures.add(
        new Failure(
            request -> request.startsWith(methodAndPath),
            before,
            status,
            headers,
            MAPPER.createObjectNode().put("message", message).toString()));
  }

  synchronized FakeCommit head(String branch) {
    return objects.head(branch);
  }

  synchronized Map<String, Blob> tree(String commit) {
    return objects.filesOf(commit);
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  synchronized @Nullable String authorization() {
    return authorization;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      byte[] body = exchange.getRequestBody().readAllBytes();
      Reply reply;
      synchronized (this) {
        requests.add(request);
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        reply = failure(request);
        if (reply == null) {
          boolean asDiff = exchange.getRequestHeaders().getFirst("Accept").contains("diff");
          reply =
              answer(
                  request, asDiff, body.length == 0 ? MAPPER.missingNode() : MAPPER.readTree(body));
        }
      }
      reply.headers().forEach(exchange.getResponseHeaders()::add);
      byte[] bytes = reply.body().getBytes(UTF_8);
      String etag = '"' + FakeObjects.sha(reply.body()) + '"';
      if (request.startsWith("GET") && reply.status() == 200) {
        exchange.getResponseHeaders().add("ETag", etag);
        if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
          notModified.add(request);
          exchange.sendResponseHeaders(304, -1);
          return;
        }
      }
      exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  record Reply(int status, Map<String, String> headers, String body) {}

  private @Nullable Reply failure(String request) {
    for (Failure failure : failures) {
      if (failure.request().test(request)) {
        failures.remove(failure);
        failure.before().run();
        return new Reply(failure.status(), failure.headers(), failure.body());
      }
    }
    return null;
  }

  private Reply answer(String request, boolean asDiff, JsonNode body) {
    String[] parts = request.split("[ ?]", 3);
    if (parts[1].equals("/user")) {
      return ok(MAPPER.createObjectNode().put("login", FakePullRequest.LOGIN));
    }
    if (!parts[1].startsWith(BASE)) {
      return notFound();
    }
    String path = parts[1].substring(BASE.length());
    if (path.startsWith("/pulls/") || path.startsWith("/compare/")) {
      return pullRequest.answer(path, asDiff, body);
    }
    if (parts[0].equals("POST")) {
      return switch (path) {
        case "/git/trees" -> postTree(body);
        case "/git/refs" -> postRef(body);
        default -> postCommit(body);
      };
    }
    if (parts[0].equals("PATCH")) {
      return patchRef(path.substring("/git/refs/heads/".length()), body);
    }
    if (path.isEmpty()) {
      return ok(MAPPER.createObjectNode().put("default_branch", "main"));
    }
    String query = parts.length > 2 ? parts[2] : "";
    return get(path, query);
  }

  private Reply get(String path, String query) {
    if (path.startsWith("/git/ref/heads/")) {
      String sha = objects.branch(path.substring("/git/ref/heads/".length()));
      return sha == null ? notFound() : ok(ref(sha));
    }
    if (path.equals("/commits")) {
      return ok(history(query));
    }
    if (path.startsWith("/commits/")) {
      String ref = path.substring("/commits/".length());
      FakeCommit commit = objects.find(ref);
      return commit == null ? failed(422, "No commit found for SHA: " + ref) : ok(json(commit));
    }
    if (path.startsWith("/git/trees/")) {
      return ok(json(path.substring("/git/trees/".length())));
    }
    if (path.startsWith("/contents/")) {
      return contents(path.substring("/contents/".length()), query.substring("ref=".length()));
    }
    return blob(path.substring("/git/blobs/".length()));
  }

  private ObjectNode ref(String sha) {
    ObjectNode ref = MAPPER.createObjectNode();
    ref.putObject("object").put("sha", sha);
    return ref;
  }

  private ArrayNode history(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : query.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      parameters.put(pair[0], pair[1]);
    }
    List<FakeCommit> all = objects.history(parameters.get("sha"));
    int size = Integer.parseInt(parameters.getOrDefault("per_page", "30"));
    int from =
        Math.min(all.size(), (Integer.parseInt(parameters.getOrDefault("page", "1")) - 1) * size);
    ArrayNode page = MAPPER.createArrayNode();
    all.subList(from, Math.min(all.size(), from + size)).forEach(commit -> page.add(json(commit)));
    return page;
  }

  private ObjectNode json(FakeCommit commit) {
    ObjectNode json =
        MAPPER
            .createObjectNode()
            .put("sha", commit.sha())
            .put("html_url", "https://github.example/acme/site/commit/" + commit.sha());
    ObjectNode inner = json.putObject("commit").put("message", commit.message());
    inner.putObject("tree").put("sha", commit.tree());
    inner.putObject("committer").put("date", "2026-03-01T10:00:00Z");
    return json;
  }

  private ObjectNode json(String tree) {
    ObjectNode json = MAPPER.createObjectNode().put("sha", tree).put("truncated", false);
    ArrayNode entries = json.putArray("tree");
    objects
        .tree(tree)
        .forEach((path, blob) ->
            entries.addObject().put("path", path).put("mode", blob.mode()).put("sha", blob.sha()));
    return json;
  }

  private Reply contents(String path, String commit) {
    Blob blob = tree(commit).get(URI.create(path).getPath());
    if (blob == null) {
      return notFound();
    }
    byte[] bytes = blob.text().getBytes(UTF_8);
    boolean inline = bytes.length <= INLINE_BYTES;
    return ok(
        MAPPER
            .createObjectNode()
            .put("type", "file")
            .put("size", bytes.length)
            .put("sha", blob.sha())
            .put("encoding", inline ? "base64" : "none")
            .put("content", inline ? Base64.getMimeEncoder().encodeToString(bytes) : ""));
  }

  private Reply blob(String sha) {
    Blob blob = objects.blob(sha);
    return blob == null ? notFound() : new Reply(200, Map.of(), blob.text());
  }

  private Reply postTree(JsonNode body) {
    Map<String, Blob> tree = new TreeMap<>(objects.tree(body.path("base_tree").asText()));
    for (JsonNode entry : body.path("tree")) {
      tree.put(
          entry.path("path").asText(),
          new Blob(entry.path("mode").asText(), entry.path("content").asText()));
    }
    return created(MAPPER.createObjectNode().put("sha", objects.storeTree(tree)));
  }

  private Reply postCommit(JsonNode body) {
    FakeCommit commit =
        objects.store(
            body.path("tree").asText(),
            body.path("parents").path(0).asText(),
            body.path("message").asText());
    return created(json(commit));
  }

  private Reply postRef(JsonNode body) {
    String branch = body.path("ref").asText().substring("refs/heads/".length());
    if (objects.branch(branch) != null) {
      return failed(422, "Reference already exists");
    }
    objects.move(branch, body.path("sha").asText());
    return created(ref(body.path("sha").asText()));
  }

  private Reply patchRef(String branch, JsonNode body) {
    FakeCommit commit = objects.commit(body.path("sha").asText());
    if (body.path("force").asBoolean() || !objects.head(branch).sha().equals(commit.parent())) {
      return failed(422, "Update is not a fast forward");
    }
    objects.move(branch, commit.sha());
    return ok(ref(commit.sha()));
  }

  static Reply ok(JsonNode body) {
    return new Reply(200, Map.of(), body.toString());
  }

  private static Reply created(JsonNode body) {
    return new Reply(201, Map.of(), body.toString());
  }

  static Reply notFound() {
    return failed(404, "Not Found");
  }

  static Reply failed(int status, String message) {
    return new Reply(
        status, Map.of(), MAPPER.createObjectNode().put("message", message).toString());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
