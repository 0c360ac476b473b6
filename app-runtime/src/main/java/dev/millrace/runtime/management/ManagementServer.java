package dev.millrace.runtime.management;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.health.ReadinessMonitor;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URI;
import java.util.Map;

/**
 * The endpoints every app has: {@code /health/live} answers while the process does, {@code
 * /health/ready} says whether the app can work and what it misses, {@code /metrics} is for
 * Prometheus.
 */
public final class ManagementServer {

  private static final String JSON = "application/json";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final String app;
  private final ManagementConfig config;
  private final ReadinessMonitor readiness;
  private final Metrics metrics;
  private final WebServer server;

  public ManagementServer(
      String app, ManagementConfig config, ReadinessMonitor readiness, Metrics metrics) {
    this.app = app;
    this.config = config;
    this.readiness = readiness;
    this.metrics = metrics;
    this.server =
        WebServer.builder()
            .host(config.host())
            .port(config.port())
            .shutdownHook(false)
            .routing(this::routes)
            .build();
  }

  /**
   * Starts to answer.
   *
   * @throws IllegalStateException if it cannot listen; the log says why
   */
  public void start() {
    server.start();
    if (!server.isRunning()) {
      throw new IllegalStateException("the port is taken, or may not be used");
    }
  }

  public void stop() {
    server.stop();
  }

  /** Address it listens at; known once it is started. */
  public URI uri() {
    return URI.create("http://" + host() + ":" + server.port());
  }

  /** Where it is to listen. */
  public String address() {
    return host() + ":" + config.port();
  }

  private String host() {
    return config.host().indexOf(':') >= 0 ? "[" + config.host() + "]" : config.host();
  }

  private void routes(HttpRouting.Builder routing) {
    routing
        .get("/health/live", (request, response) -> send(response, Status.OK_200, report("up")))
        .get("/health/ready", this::ready)
        .get(
            "/metrics",
            (request, response) ->
                response.header(HeaderNames.CONTENT_TYPE, PROMETHEUS).send(metrics.scrape()));
  }

  private void ready(ServerRequest request, ServerResponse response) {
    Map<String, Health> found = readiness.check();
    boolean up = found.values().stream().allMatch(Health.Up.class::isInstance);
    ObjectNode report = report(up ? "up" : "down");
    report.put("since", readiness.since().toString());
    ObjectNode checks = report.putObject("checks");
    found.forEach((name, health) -> {
      ObjectNode check = checks.putObject(name);
      switch (health) {
        case Health.Up _ -> check.put("status", "up");
        case Health.Down(String reason) -> check.put("status", "down").put("reason", reason);
      }
    });
    send(response, up ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503, report);
  }

  private ObjectNode report(String status) {
    return MAPPER.createObjectNode().put("app", app).put("status", status);
  }

  private static void send(ServerResponse response, Status status, ObjectNode body) {
    response.status(status).header(HeaderNames.CONTENT_TYPE, JSON).send(body.toString());
  }
}
