package dev.millrace.gateway;

import dev.millrace.gateway.agent.AgentAnalytics;
import dev.millrace.gateway.agent.AgentOperations;
import dev.millrace.gateway.agent.AgentReads;
import dev.millrace.gateway.agent.AgentSpawn;
import dev.millrace.gateway.agent.PendingAgents;
import dev.millrace.gateway.auth.Access;
import dev.millrace.gateway.deadletter.DeadLetterRoutes;
import dev.millrace.gateway.deadletter.RecordValues;
import dev.millrace.gateway.event.EventMarks;
import dev.millrace.gateway.event.EventReads;
import dev.millrace.gateway.event.EventSink;
import dev.millrace.gateway.github.GithubRoutes;
import dev.millrace.gateway.github.RepositoryNames;
import dev.millrace.gateway.health.Escalations;
import dev.millrace.gateway.health.HealthReads;
import dev.millrace.gateway.health.MetricIntake;
import dev.millrace.gateway.http.GatewayServer;
import dev.millrace.gateway.http.Route;
import dev.millrace.gateway.knowledge.DocumentIntake;
import dev.millrace.gateway.knowledge.DocumentStatuses;
import dev.millrace.gateway.knowledge.IndexedDocuments;
import dev.millrace.gateway.knowledge.KnowledgeReads;
import dev.millrace.gateway.knowledge.Questions;
import dev.millrace.gateway.learning.LatestStatuses;
import dev.millrace.gateway.learning.LearnerStream;
import dev.millrace.gateway.learning.LearningRoutes;
import dev.millrace.gateway.learning.SignalIntake;
import dev.millrace.gateway.limit.RateLimits;
import dev.millrace.gateway.openapi.Bodies;
import dev.millrace.gateway.openapi.KnownParameters;
import dev.millrace.gateway.openapi.OpenApiDocument;
import dev.millrace.gateway.openapi.OpenApiPages;
import dev.millrace.gateway.operation.QueueCommands;
import dev.millrace.gateway.operation.QueueOperations;
import dev.millrace.gateway.operation.TaskOperations;
import dev.millrace.gateway.platform.PlatformEvents;
import dev.millrace.gateway.queue.Admission;
import dev.millrace.gateway.queue.QueueReads;
import dev.millrace.gateway.queue.Queues;
import dev.millrace.gateway.read.PersonalReads;
import dev.millrace.gateway.read.ReadModels;
import dev.millrace.gateway.receipt.KeyedCommands;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.gateway.record.RecordRoutes;
import dev.millrace.gateway.replay.ReplayRoutes;
import dev.millrace.gateway.reply.Replies;
import dev.millrace.gateway.site.Site;
import dev.millrace.gateway.stream.LiveEvents;
import dev.millrace.gateway.stream.LiveStream;
import dev.millrace.gateway.stream.RowStreams;
import dev.millrace.gateway.task.NextTask;
import dev.millrace.gateway.task.RecentTasks;
import dev.millrace.gateway.task.TaskIntake;
import dev.millrace.gateway.task.TaskReads;
import dev.millrace.gateway.task.TaskRequests;
import dev.millrace.gateway.task.TaskStream;
import dev.millrace.gateway.task.VideoIntake;
import dev.millrace.gateway.webhook.GithubWebhook;
import dev.millrace.knowledge.answer.Answered;
import dev.millrace.knowledge.search.SearchHit;
import dev.millrace.knowledge.search.SearchRequest;
import dev.millrace.repositories.GitHub;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.schemas.document.DocumentEmbedding;
import dev.millrace.schemas.knowledge.KnowledgeRecord;
import dev.millrace.schemas.learning.LearningPlan;
import dev.millrace.schemas.learning.LearningStatus;
import dev.millrace.schemas.task.QueueSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The gateway between its rims: all routes, wired to what stands behind them. */
final class Gateway {

  /** Requests that wait for a reply at the same time, at most. */
  private static final int MAX_WAITING = 10_000;

  /**
   * What the gateway needs from the world.
   *
   * @param sink where accepted events go
   * @param reads read models
   * @param personal what is kept for users
   * @param search the knowledge base
   * @param answers answers out of the knowledge base
   * @param values values of records as JSON, and back
   * @param checks what the app needs, and whether it is there
   * @param github repositories and pull requests
   * @param clock the time
   */
  record Ports(
      EventSink sink,
      ReadModels reads,
      PersonalReads personal,
      Function<SearchRequest, List<SearchHit>> search,
      Function<SearchRequest, Answered> answers,
      RecordValues values,
      Supplier<Map<String, Health>> checks,
      GitHub github,
      Clock clock) {}

  private final GatewayConfig config;
  private final RoutingTable routing;
  private final Ports ports;
  private final RepositoryNames repositories;
  private final OpenApiDocument document = OpenApiDocument.load();
  private final Bodies bodies;
  private final RateLimits limits;
  private final Access access;
  private final Receipts receipts;
  private final KeyedCommands keyedCommands;
  private final RecentTasks recentTasks = new RecentTasks();
  private final TaskRequests taskRequests;
  private final Queues queues = new Queues();
  private final Admission admission;
  private final Replies<LearningPlan> plans = new Replies<>(MAX_WAITING);
  private final Replies<LearningStatus> statuses = new Replies<>(MAX_WAITING);
  private final Replies<DocumentEmbedding> embeddings = new Replies<>(MAX_WAITING);
  private final Replies<KnowledgeRecord> records = new Replies<>(MAX_WAITING);
  private final IndexedDocuments documents = new IndexedDocuments();
  private final LatestStatuses latest;
  private final LiveEvents liveEvents;
  private final LiveEvents learnerEvents;
  private final LearnerStream learnerStream;
  private final LiveStream liveStream;
  private final RowStreams rowStreams;

  Gateway(GatewayConfig config, RoutingTable routing, Ports ports) {
    this.config = config;
    this.bodies = new Bodies(document, config.maxBodyBytes());
    this.routing = routing;
    this.admission = new Admission(routing, config.workflow(), queues);
    this.ports = ports;
    this.repositories = new RepositoryNames(config.githubOwner());
    this.taskRequests = new TaskRequests(ports.sink(), recentTasks);
    this.limits = new RateLimits(config.limits());
    this.access = new Access(config.auth(), limits, ports.clock());
    this.receipts = new Receipts(ports.sink(), config.maxReceipts(), ports.clock());
    this.keyedCommands = new KeyedCommands(receipts);
    this.latest = new LatestStatuses(ports.reads());
    this.liveEvents = new LiveEvents(config.stream());
    this.learnerEvents = new LiveEvents(config.learnerStreams());
    this.learnerStream = new LearnerStream(access, learnerEvents);
    this.liveStream = new LiveStream(access, liveEvents, config.auth().streamTokenLifetime());
    this.rowStreams = new RowStreams(config.stream());
  }

  Receipts receipts() {
    return receipts;
  }

  LiveEvents liveEvents() {
    return liveEvents;
  }

  /** A plan came on its topic. */
  void saw(LearningPlan plan) {
    plans.complete(plan.getRequestId(), plan);
    learnerStream.saw(plan);
  }

  /** A status came on its topic. */
  void saw(LearningStatus status) {
    latest.saw(status);
    if (status.getRequestId() != null) {
      statuses.complete(status.getRequestId(), status);
    }
  }

  /** A learner wants to be forgotten. */
  void forgetLearner(String userId, Instant at) {
    latest.forget(userId, at);
  }

  /** What was indexed came on its topic. */
  void saw(DocumentEmbedding result) {
    if (result.getRequestId() != null) {
      documents.finished(result.getRequestId(), result);
      embeddings.complete(result.getRequestId(), result);
    }
  }

  /** What became of something that a user wants kept came on its topic. */
  void saw(KnowledgeRecord record) {
    records.complete(record.getRequestId(), record);
  }

  /** How full a queue is came on its topic. */
  void saw(QueueSnapshot snapshot) {
    queues.saw(snapshot);
  }

  private void closeStreams() {
    liveEvents.close();
    learnerEvents.close();
    rowStreams.close();
  }

  /** The server with all routes. */
  GatewayServer server(MeterRegistry meters) {
    Site site = new Site();
    List<Route> routes = new ArrayList<>();
    routes.addAll(intake());
    routes.addAll(records());
    routes.addAll(learning());
    routes.addAll(reading());
    routes.addAll(operating());
    routes.addAll(recovering());
    routes.addAll(site.routes());
    routes.replaceAll(new KnownParameters(document)::checked);
    return new GatewayServer(
        config.server(),
        routes,
        List.of(liveStream.socket()),
        site::page,
        this::closeStreams,
        meters);
  }

  private List<Route> intake() {
    List<Route> routes = new ArrayList<>();
    routes.add(
        Route.post(
            "/api/github-webhook",
            new GithubWebhook(config.webhook(), receipts, ports.sink(), limits)));
    routes.add(
        Route.post(
            "/api/orchestrator",
            new TaskIntake(
                access,
                routing,
                bodies,
                receipts,
                taskRequests,
                admission,
                repositories,
                ports.clock())));
    routes.add(
        Route.post(
            "/api/orchestrator/create-video",
            new VideoIntake(access, bodies, receipts, taskRequests)));
    routes.add(
        Route.post(
            "/api/javari-events", new PlatformEvents(access, bodies, receipts, ports.sink())));
    routes.addAll(new SignalIntake(access, bodies, ports.sink()).routes());
    routes.addAll(new MetricIntake(access, bodies, ports.sink(), ports.clock()).routes());
    routes.addAll(
        new DocumentIntake(
                access,
                bodies,
                repositories,
                ports.sink(),
                embeddings,
                documents,
                ports.reads(),
                config.documentTimeout())
            .routes());
    routes.add(new DocumentStatuses(access, documents, ports.reads()).route());
    return routes;
  }

  private List<Route> records() {
    return new RecordRoutes(
            access, bodies, ports.personal(), ports.sink(), records, config.recordTimeout())
        .routes();
  }

  private List<Route> learning() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        new LearningRoutes(
                access,
                bodies,
                ports.sink(),
                plans,
                statuses,
                latest,
                config.learning(),
                ports.clock())
            .routes());
    routes.add(learnerStream.route());
    return routes;
  }

  private List<Route> recovering() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new ReplayRoutes(access, bodies, ports.sink(), ports.reads()).routes());
    routes.addAll(
        new DeadLetterRoutes(access, bodies, ports.sink(), ports.reads(), ports.values()).routes());
    return routes;
  }

  private List<Route> reading() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(liveStream.routes());
    routes.addAll(new EventReads(access, ports.reads()).routes());
    routes.addAll(new EventMarks(access, bodies, ports.reads(), ports.sink()).routes());
    routes.addAll(new KnowledgeReads(access, ports.search()).routes());
    routes.add(new Questions(access, bodies, ports.answers()).route());
    routes.addAll(new HealthReads(access, ports.reads(), ports.checks(), ports.clock()).routes());
    routes.addAll(
        new Escalations(access, bodies, ports.reads(), ports.sink(), keyedCommands).routes());
    routes.addAll(new OpenApiPages(document).routes());
    return routes;
  }

  /** Tasks, queues and agents: how they stand, and commands to them. */
  private List<Route> operating() {
    TaskReads tasks = new TaskReads(access, ports.reads(), recentTasks);
    PendingAgents pending = new PendingAgents(ports.reads(), recentTasks, tasks);
    AgentReads agents = new AgentReads(access, ports.reads(), pending, rowStreams);
    QueueCommands commands = new QueueCommands(ports.sink(), keyedCommands, ports.clock());
    List<Route> routes = new ArrayList<>();
    routes.addAll(tasks.routes());
    routes.addAll(new TaskStream(access, ports.reads(), tasks, rowStreams).routes());
    routes.addAll(new TaskOperations(access, bodies, commands, tasks).routes());
    routes.addAll(
        new NextTask(
                access, bodies, ports.reads(), recentTasks, tasks, queues, config.taskTimeout())
            .routes());
    routes.addAll(new QueueReads(access, ports.reads(), queues).routes());
    routes.addAll(new QueueOperations(access, bodies, commands, tasks, queues, routing).routes());
    routes.addAll(new AgentAnalytics(access, ports.reads()).routes());
    routes.addAll(agents.routes());
    routes.addAll(
        new AgentSpawn(access, bodies, receipts, routing, admission, repositories, taskRequests)
            .routes());
    routes.addAll(
        new AgentOperations(access, bodies, agents, tasks, commands, ports.sink()).routes());
    routes.addAll(new GithubRoutes(access, bodies, ports.github(), config.githubOwner()).routes());
    return routes;
  }
}
