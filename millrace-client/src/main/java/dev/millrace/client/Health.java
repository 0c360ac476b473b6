package dev.millrace.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gateway itself, and the projects that are watched. */
public final class Health {

  private final Transport transport;

  Health(Transport transport) {
    this.transport = transport;
  }

  /** How the gateway is; its dependencies only in detail. */
  public record Status(
      String status,
      String version,
      double uptime,
      Instant timestamp,
      @Nullable JsonNode dependencies) {}

  private record Accepted(int accepted) {}

  private record Anomaly(String anomalyId) {}

  public Status status() {
    return transport.get("/health", Status.class);
  }

  /** With the state of what the gateway depends on. */
  public Status details() {
    return transport.get("/api/health", Status.class);
  }

  /** The watched projects. */
  public JsonNode projects() {
    return transport.get("/api/health/projects", JsonNode.class).path("projects");
  }

  /** Writes a sample of a metric; returns how many were taken. */
  public int pushMetric(String project, String name, double value, String unit) {
    return transport
        .post(
            "/api/metrics",
            Map.of("projectName", project, "name", name, "value", value, "unit", unit),
            Accepted.class)
        .accepted();
  }

  /** Makes an anomaly up, to see what follows; returns its id. */
  public String makeUpAnomaly(String project, String type) {
    return transport
        .post("/api/test/anomaly", Map.of("projectName", project, "type", type), Anomaly.class)
        .anomalyId();
  }
}
