package dev.millrace.gateway;

import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.deadletter.DeadLetterRoutes;
import dev.millrace.gateway.event.EventMarks;
import dev.millrace.gateway.event.EventReads;
import dev.millrace.gateway.github.GithubRoutes;
import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.health.Escalations;
import dev.millrace.gateway.health.HealthReads;
import dev.millrace.gateway.health.MetricIntake;
import dev.millrace.gateway.http.GatewayServer;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.limit.RateLimits;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.KnownParameters;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.gateway.openapi.OpenApiPages;
import dev.millrace.gateway.platform.PlatformEvents;
import dev.millrace.gateway.receipt.KeyedCommands;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.gateway.replay.ReplayRoutes;
import dev.millrace.gateway.site.Site;
import dev.millrace.gateway.stream.LiveEvents;
import dev.millrace.gateway.stream.LiveStream;
import dev.millrace.gateway.webhook.GithubWebhook;
import dev.millrace.runtime.routing.RoutingTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** The gateway between its rims: all routes, wired to what stands behind them. */
final class Gateway {

  /** Requests that wait for a reply of one kind at the same time, at most. */
  static final int MAX_WAITING = 10_000;

  private final OpenApiDocument document = OpenApiDocument.load();
  private final RateLimits limits;
  private final SharedParts shared;
  private final TaskWiring tasks;
  private final KnowledgeWiring knowledge;
  private final LearningWiring learning;
  private final LiveEvents liveEvents;
  private final LiveStream liveStream;

  Gateway(GatewayConfig config, RoutingTable routing, Ports ports) {
    this.limits = new RateLimits(config.limits());
    Receipts receipts = new Receipts(ports.sink(), config.maxReceipts(), ports.clock());
    this.shared =
        new SharedParts(
            config,
            routing,
            ports,
            new Access(config.auth(), limits, ports.clock()),
            new Bodies(document, config.maxBodyBytes()),
            receipts,
            new KeyedCommands(receipts),
            new RepositoryNames(config.githubOwner()));
    this.tasks = new TaskWiring(shared);
    this.knowledge = new KnowledgeWiring(shared);
    this.learning = new LearningWiring(shared);
    this.liveEvents = new LiveEvents(config.stream());
    this.liveStream =
        new LiveStream(shared.access(), liveEvents, config.auth().streamTokenLifetime());
  }

  Receipts receipts() {
    return shared.receipts();
  }

  LiveEvents liveEvents() {
    return liveEvents;
  }

  TaskWiring tasks() {
    return tasks;
  }

  KnowledgeWiring knowledge() {
    return knowledge;
  }

  LearningWiring learning() {
    return learning;
  }

  /** The server with all routes. */
  GatewayServer server(MeterRegistry meters) {
    Site site = new Site();
    List<Route> routes = new ArrayList<>();
    routes.addAll(tasks.routes());
    routes.addAll(knowledge.routes());
    routes.addAll(learning.routes());
    routes.addAll(events());
    routes.addAll(health());
    routes.addAll(github());
    routes.addAll(recovering());
    routes.addAll(new OpenApiPages(document).routes());
    routes.addAll(site.routes());
    routes.replaceAll(new KnownParameters(document)::checked);
    return new GatewayServer(
        shared.config().server(),
        routes,
        List.of(liveStream.socket()),
        site::page,
        this::closeStreams,
        meters);
  }

  private void closeStreams() {
    liveEvents.close();
    learning.closeStreams();
    tasks.closeStreams();
  }

  /** Events of platforms and clients, past ones and live ones. */
  private List<Route> events() {
    Ports ports = shared.ports();
    List<Route> routes = new ArrayList<>();
    routes.add(
        Route.post(
            "/api/javari-events",
            new PlatformEvents(shared.access(), shared.bodies(), shared.receipts(), ports.sink())));
    routes.addAll(liveStream.routes());
    routes.addAll(new EventReads(shared.access(), ports.reads()).routes());
    routes.addAll(
        new EventMarks(shared.access(), shared.bodies(), ports.reads(), ports.sink()).routes());
    return routes;
  }

  /** The gateway's own health, that of the watched projects, and what people decide about them. */
  private List<Route> health() {
    Ports ports = shared.ports();
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new MetricIntake(shared.access(), shared.bodies(), ports.sink(), ports.clock()).routes());
    routes.addAll(
        new HealthReads(shared.access(), ports.reads(), ports.checks(), ports.clock()).routes());
    routes.addAll(
        new Escalations(
                shared.access(), shared.bodies(), ports.reads(), ports.sink(), shared.commands())
            .routes());
    return routes;
  }

  private List<Route> github() {
    Ports ports = shared.ports();
    GatewayConfig config = shared.config();
    List<Route> routes = new ArrayList<>();
    routes.add(
        Route.post(
            "/api/github-webhook",
            new GithubWebhook(config.webhook(), shared.receipts(), ports.sink(), limits)));
    routes.addAll(
        new GithubRoutes(shared.access(), shared.bodies(), ports.github(), config.githubOwner())
            .routes());
    return routes;
  }

  /** Replays, and what could not be processed. */
  private List<Route> recovering() {
    Ports ports = shared.ports();
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new ReplayRoutes(shared.access(), shared.bodies(), ports.sink(), ports.reads()).routes());
    routes.addAll(
        new DeadLetterRoutes(
                shared.access(), shared.bodies(), ports.sink(), ports.reads(), ports.values())
            .routes());
    return routes;
  }
}
