package dev.millrace.gateway;

import dev.millrace.gateway.deadletter.RegistryValues;
import dev.millrace.gateway.http.GatewayServer;
import dev.millrace.gateway.read.PostgresPersonalReads;
import dev.millrace.gateway.read.PostgresReadModels;
import dev.millrace.gateway.receipt.ReceiptReader;
import dev.millrace.gateway.receipt.Receipts;
import dev.millrace.gateway.reply.ReplyReader;
import dev.millrace.gateway.stream.LiveEventReader;
import dev.millrace.knowledge.answer.Answers;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingModels;
import dev.millrace.knowledge.search.KnowledgeSearch;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.database.Database;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.TopicTail;
import dev.millrace.runtime.kafka.TopicTail.From;
import dev.millrace.runtime.kafka.TopicTail.Pace;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.routing.RoutingTable;
import dev.millrace.runtime.usage.UsageEvents;
import dev.millrace.schemas.catalogue.Topics;
import io.micrometer.core.instrument.FunctionCounter;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP in, events out. Receipts are read back before the server listens, so that no delivery is
 * accepted twice across a restart.
 */
public final class IngestGatewayApp implements App {

  private volatile @Nullable GatewayServer server;

  @Override
  public String name() {
    return "ingest-gateway";
  }

  /** Address it listens at; known once the app is ready. */
  public URI uri() {
    GatewayServer listening = server;
    if (listening == null) {
      throw new IllegalStateException("the gateway is not wired yet");
    }
    return listening.uri();
  }

  @Override
  public void wire(AppContext context) {
    GatewayConfig config = GatewayConfig.from(context.environment());
    RoutingTable routing = RoutingTable.from(context.environment());
    context.provision(Topics.all());
    KafkaClients kafka = clients(context, config);
    Database database = context.database();
    EventPublisher publisher = context.add(new EventPublisher(kafka, config.publishTimeout()));
    UsageEvents usage =
        UsageEvents.writtenBy(name(), PriceTable.from(context.environment()), publisher);
    EmbeddingModel model = EmbeddingModels.withoutRetries(context.environment(), usage);
    KnowledgeSearch search = new KnowledgeSearch(database, model);
    Gateway gateway =
        new Gateway(
            config,
            routing,
            new Ports(
                publisher::publish,
                new PostgresReadModels(database.jdbi()),
                new PostgresPersonalReads(database.jdbi()),
                search::search,
                Answers.from(context.environment(), search::search, model, usage),
                new RegistryValues(kafka.serdes().registry()),
                context.readiness()::check,
                Repositories.from(context.environment()).github(),
                Clock.systemUTC()));
    addTails(context, kafka, gateway);
    context.meters().gauge("gateway.receipts", gateway.receipts(), Receipts::size);
    FunctionCounter.builder(
            "gateway.receipts.forgotten", gateway.receipts(), receipts -> receipts.forgotten())
        .description("Receipts that made room for newer ones while they were still valid.")
        .register(context.meters());
    server = context.add(gateway.server(context.meters()));
  }

  /** Clients that do not wait long for a registry that is away: a request waits for them. */
  private static KafkaClients clients(AppContext context, GatewayConfig config) {
    KafkaClients clients =
        new KafkaClients(
            context.app(),
            context.kafka().config(),
            context.kafka().serdes().withPatience(config.registryPatience()),
            context.meters());
    context.add(Component.closing(clients));
    return clients;
  }

  private static void addTails(AppContext context, KafkaClients kafka, Gateway gateway) {
    ReceiptReader receipts = new ReceiptReader(gateway.receipts(), kafka.serdes());
    follow(
        context,
        new TopicTail(
            kafka,
            "receipts",
            List.of(Topics.GATEWAY_RECEIPTS.name()),
            From.BEGINNING,
            Pace.GATHERED,
            receipts),
        "receipts");
    ReplyReader queues =
        new ReplyReader(kafka.serdes()).on(Topics.TASK_QUEUES, gateway.tasks()::saw);
    follow(
        context,
        new TopicTail(kafka, "queues", queues.topics(), From.BEGINNING, Pace.AT_ONCE, queues),
        "queues");
    ReplyReader replies =
        new ReplyReader(kafka.serdes())
            .on(Topics.LEARNING_PLANS, gateway.learning()::saw)
            .on(Topics.LEARNING_STATUSES, gateway.learning()::saw, gateway.learning()::forget)
            .on(Topics.DOCUMENT_EMBEDDINGS, gateway.knowledge()::saw)
            .on(Topics.KNOWLEDGE_RECORDS, gateway.knowledge()::saw);
    follow(
        context,
        new TopicTail(kafka, "replies", replies.topics(), From.END, Pace.AT_ONCE, replies),
        "replies");
    LiveEventReader live = new LiveEventReader(gateway.liveEvents(), kafka.serdes());
    follow(
        context,
        new TopicTail(kafka, "live-stream", LiveEventReader.TOPICS, From.END, Pace.SOON, live),
        "live-stream");
  }

  private static void follow(AppContext context, TopicTail tail, String name) {
    context.add(tail);
    context.readiness().add(name, tail::check);
  }
}
