package dev.millrace.gateway.health;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.http.Answer;
import dev.millrace.gateway.http.Call;
import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.runtime.health.HealthCheck.Health;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** How the gateway is, and how the projects are that are watched. */
public final class HealthReads {

  private static final String VERSION = "1.0.0";
  private static final double MILLIS_PER_SECOND = 1_000;

  /** How long what the checks found is passed on: anybody may ask, and checking costs. */
  private static final Duration CHECKS_HOLD = Duration.ofSeconds(2);

  private static final String PROJECTS =
      """
      SELECT project, status, reason, response_time_ms, changed_at, last_probe_at
        FROM public.health_projects
       ORDER BY project
       LIMIT 1000
      """;

  private static final String ALL = "all";

  private final Access access;
  private final ReadModels reads;
  private final Clock clock;
  private final Instant started;

  /** What the checks found; while they run, whoever asks waits for them and starts no others. */
  private final LoadingCache<String, Map<String, Health>> found;

  public HealthReads(
      Access access, ReadModels reads, Supplier<Map<String, Health>> checks, Clock clock) {
    this.access = access;
    this.reads = reads;
    this.clock = clock;
    this.started = clock.instant();
    this.found = Caffeine.newBuilder().expireAfterWrite(CHECKS_HOLD).build(_ -> checks.get());
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/health", _ -> Answer.ok(report("ok"))),
        Route.get("/api/health", _ -> Answer.ok(detailed())),
        Route.get("/api/health/projects", this::projects));
  }

  private ObjectNode report(String status) {
    Instant now = clock.instant();
    return Json.object()
        .put("status", status)
        .put("version", VERSION)
        .put("uptime", Duration.between(started, now).toMillis() / MILLIS_PER_SECOND)
        .put("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString());
  }

  private ObjectNode detailed() {
    Map<String, Health> healths = found.get(ALL);
    boolean up = healths.values().stream().allMatch(Health.Up.class::isInstance);
    ObjectNode report = report(up ? "ok" : "degraded");
    ObjectNode dependencies = report.putObject("dependencies");
    healths.forEach((name, health) -> {
      ObjectNode dependency = dependencies.putObject(name);
      switch (health) {
        case Health.Up _ -> dependency.put("status", "up");
        case Health.Down(String reason) -> dependency.put("status", "down").put("reason", reason);
      }
    });
    return report;
  }

  private Answer projects(Call call) {
    access.operator(call);
    ObjectNode body = Json.object();
    body.putArray("projects").addAll(reads.rows(PROJECTS, Map.of()));
    return Answer.ok(body);
  }
}
