package dev.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.millrace.gateway.auth.Person;
import dev.millrace.gateway.auth.Tokens;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.http.GatewayServer;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.knowledge.answer.Answer.NotFound;
import dev.millrace.knowledge.answer.Answered;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.redaction.Secret;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.usage.ModelCall;
import dev.millrace.runtime.usage.ModelCall.Purpose;
import dev.millrace.runtime.usage.UsageEvents;
import dev.millrace.schemas.usage.ModelUsage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gateway on a free port, with what stands behind it replaced by what a test says. As a
 * registered extension it is stopped after each test.
 */
final class GatewayFixture implements AfterEachCallback, AutoCloseable {

  static final String API_KEY = "not-a-real-key";
  static final String PLATFORM_KEY = "not-a-real-platform-key";
  static final String WEBHOOK_SECRET = "test-secret";
  static final String PREVIOUS_SECRET = "test-secret-of-yesterday";
  static final String JWT_SECRET = "test-secret-".repeat(4);

  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "GATEWAY_PORT",
          "0",
          "GATEWAY_DRAIN_TIMEOUT",
          "2s",
          "GATEWAY_PLAN_TIMEOUT",
          "300ms",
          "GATEWAY_LEARNING_TIMEOUT",
          "300ms",
          "GATEWAY_DOCUMENT_TIMEOUT",
          "300ms",
          "MILLRACE_API_KEY",
          API_KEY,
          "JAVARI_INTERNAL_API_KEY",
          PLATFORM_KEY,
          "MILLRACE_JWT_SECRET",
          JWT_SECRET,
          "GITHUB_WEBHOOK_SECRET",
          WEBHOOK_SECRET,
          "GITHUB_WEBHOOK_SECRET_PREVIOUS",
          PREVIOUS_SECRET);

  final RecordingSink sink = new RecordingSink();
  final Gateway gateway;
  final AtomicReference<List<ObjectNode>> rows = new AtomicReference<>(List.of());

  /** Rows of tables, by their name; of all others there are {@link #rows}. */
  final Map<String, List<ObjectNode>> rowsOf = new ConcurrentHashMap<>();

  /** What was bound in queries of the read models, the latest last. */
  final List<Map<String, ? extends @Nullable Object>> bound = new CopyOnWriteArrayList<>();

  final AtomicReference<List<SearchHit>> hits = new AtomicReference<>(List.of());
  final AtomicReference<dev.millrace.knowledge.answer.Answer> answer =
      new AtomicReference<>(new NotFound("no sources"));

  /** What the checks of the app find. */
  final AtomicReference<Supplier<Map<String, Health>>> checks =
      new AtomicReference<>(
          () -> Map.of("kafka", Health.UP, "postgres", Health.down("it is away")));

  /** Whose records were read last. */
  final AtomicReference<@Nullable Person> readBy = new AtomicReference<>();

  /** What searches and answers used, as their events say. */
  final List<ModelUsage> usages = new CopyOnWriteArrayList<>();

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final GatewayServer server;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile boolean postgresAway;
  private volatile Duration ahead = Duration.ZERO;

  private GatewayFixture(Map<String, String> overrides, @Nullable EventSink target) {
    Environment environment = Environment.of(ENVIRONMENT).with(overrides);
    InstantSource clock = () -> Instant.now().plus(ahead);
    UsageEvents calls =
        new UsageEvents(
            "ingest-gateway", PriceTable.from(environment), (usage, _) -> usages.add(usage));
    gateway =
        new Gateway(
            GatewayConfig.from(environment),
            RoutingTable.from(environment),
            new Ports(
                target == null ? sink : target,
                (select, bindings) -> {
                  bound.add(bindings);
                  return readRows(select);
                },
                (person, _, _) -> {
                  readBy.set(person);
                  return readRows("");
                },
                _ -> {
                  calls.called(new ModelCall(Purpose.EMBEDDING, "openai", "m", 10, 0));
                  return requireNonNull(hits.get(), "hits");
                },
                _ -> {
                  calls.called(new ModelCall(Purpose.ANSWER, "openai", "m", 100, 10));
                  return Answered.extractive(requireNonNull(answer.get(), "answer"));
                },
                new BareValues(),
                () -> requireNonNull(checks.get(), "checks").get(),
                Repositories.from(environment).github(),
                clock.withZone(ZoneOffset.UTC)));
    server = gateway.server(meters);
    server.start();
  }

  static GatewayFixture start() {
    return new GatewayFixture(Map.of(), null);
  }

  static GatewayFixture start(Map<String, String> overrides) {
    return new GatewayFixture(overrides, null);
  }

  /** A gateway whose events go here. */
  static GatewayFixture writingTo(EventSink sink) {
    return new GatewayFixture(Map.of(), sink);
  }

  /** Puts the gateway's clock ahead of that of the system. */
  void setClockAhead(Duration time) {
    ahead = time;
  }

  void losePostgres() {
    postgresAway = true;
  }

  URI uri(String path) {
    return server.uri().resolve(path);
  }

  HttpClient http() {
    return http;
  }

  /** An answer: its status, its headers, and its body as JSON. */
  record Answer(int status, HttpResponse<byte[]> response) {

    JsonNode json() {
      return Json.read(text());
    }

    String text() {
      return new String(response.body(), UTF_8);
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** Fields that a problem names. */
    List<String> fields() {
      return json().path("errors").valueStream().map(e -> e.get("field").asString()).toList();
    }
  }

  Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          http.send(
              request.timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  Answer get(String path, String... headers) {
    return send(withHeaders(HttpRequest.newBuilder(uri(path)).GET(), headers));
  }

  Answer post(String path, String body, String... headers) {
    return send(
        withHeaders(
            HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)),
            headers));
  }

  /** Sends a file with the API key. */
  Answer uploadWithKey(String path, byte[] body, String contentType) {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", contentType)
            .header("X-API-Key", API_KEY)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** Sends something that may be no HTTP, and returns what comes until the connection is closed. */
  String sendRaw(String request) throws IOException {
    try (Socket socket = new Socket(uri("/").getHost(), uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      StringBuilder answer = new StringBuilder();
      for (String line = in.readLine();
          line != null && !line.startsWith("{");
          line = in.readLine()) {
        answer.append(line).append('\n');
      }
      return answer.toString();
    }
  }

  /** Asks with the API key. */
  Answer getWithKey(String path) {
    return get(path, "X-API-Key", API_KEY);
  }

  Answer postWithKey(String path, String body) {
    return post(path, body, "X-API-Key", API_KEY);
  }

  Answer deleteWithKey(String path) {
    return send(HttpRequest.newBuilder(uri(path)).header("X-API-Key", API_KEY).DELETE());
  }

  /** Delivers a webhook, signed with this secret. */
  Answer deliver(String event, String delivery, String body, String secret) {
    return post(
        "/api/github-webhook",
        body,
        "X-GitHub-Event",
        event,
        "X-GitHub-Delivery",
        delivery,
        "X-Hub-Signature-256",
        signature(body, secret));
  }

  static String signature(String body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A header with a valid token of this user. */
  static String bearer(String user, String... scopes) {
    Tokens tokens = new Tokens(new Secret(JWT_SECRET), Clock.systemUTC());
    return "Bearer " + tokens.issue(user, Set.of(scopes), Duration.ofMinutes(5));
  }

  private static HttpRequest.Builder withHeaders(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  private List<ObjectNode> readRows(String select) {
    if (postgresAway) {
      throw ProblemException.unavailable("Postgres does not answer", Duration.ofSeconds(5));
    }
    List<ObjectNode> found =
        rowsOf.entrySet().stream()
            .filter(table -> select.contains("FROM " + table.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseGet(() -> requireNonNull(rows.get(), "rows"));
    return found.stream().map(ObjectNode::deepCopy).toList();
  }

  /** The read model has one task, which stands so. */
  void taskIs(String status) {
    rows.set(
        List.of(
            Json.object()
                .put("task_id", "task-1")
                .put("status", status)
                .put("queue", "claude")
                .put("agent", "claude")
                .putNull("run_id")));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    server.stop();
    http.close();
  }
}
