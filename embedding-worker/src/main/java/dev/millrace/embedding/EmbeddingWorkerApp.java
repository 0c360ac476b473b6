package dev.millrace.embedding;

import dev.millrace.embedding.announce.Announcer;
import dev.millrace.embedding.announce.JavariNotifier;
import dev.millrace.embedding.consumer.EventHandler;
import dev.millrace.embedding.consumer.OrderedConsumer;
import dev.millrace.embedding.folder.FolderChanges;
import dev.millrace.embedding.index.BranchHeads;
import dev.millrace.embedding.index.EmbeddingPace;
import dev.millrace.embedding.index.Indexer;
import dev.millrace.embedding.index.PostgresBranchHeads;
import dev.millrace.embedding.index.PostgresDocumentStore;
import dev.millrace.embedding.index.RepositoryDocumentSource;
import dev.millrace.embedding.index.Retryer;
import dev.millrace.embedding.index.SecondModel;
import dev.millrace.embedding.index.WebDocumentSource;
import dev.millrace.embedding.isolation.ParserCommand;
import dev.millrace.embedding.isolation.ParserPool;
import dev.millrace.embedding.parse.Parsers;
import dev.millrace.embedding.push.PushChanges;
import dev.millrace.embedding.push.PushHandler;
import dev.millrace.embedding.record.RecordHandler;
import dev.millrace.knowledge.embedding.EmbeddingModel;
import dev.millrace.knowledge.embedding.EmbeddingModels;
import dev.millrace.knowledge.vector.VectorIndex;
import dev.millrace.repositories.Repositories;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.database.Database;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.pricing.PriceTable;
import dev.millrace.runtime.share.EffectGuard;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.runtime.usage.UsageEvents;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.document.DocumentChange;
import dev.millrace.schemas.event.Effect;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/** Turns pushes and posted documents into vectors that searches find. */
public final class EmbeddingWorkerApp implements App {

  private static final String NAME = "embedding-worker";
  private static final String SCHEMA = "knowledge";
  private static final String MIGRATIONS = "dev/millrace/embedding/migrations";
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration STOP_GRACE = Duration.ofSeconds(15);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void wire(AppContext context) {
    KafkaClients kafka = context.kafka();
    EventPublisher publisher = new EventPublisher(kafka, DELIVERY_TIMEOUT);
    UsageEvents usage =
        UsageEvents.writtenBy(NAME, PriceTable.from(context.environment()), publisher);
    EmbeddingModel model = EmbeddingModels.withoutRetries(context.environment(), usage);
    EmbeddingWorkerConfig config =
        EmbeddingWorkerConfig.from(context.environment(), model.maxTokens());
    Repositories repositories = Repositories.from(context.environment());
    Database database = context.database();
    context.provision(
        List.of(
            Topics.GITHUB_EVENTS,
            Topics.DOCUMENT_CHANGES,
            Topics.DOCUMENT_EMBEDDINGS,
            Topics.KNOWLEDGE_REQUESTS,
            Topics.KNOWLEDGE_RECORDS,
            Topics.MODEL_USAGES,
            Topics.PLATFORM_EVENTS,
            Topics.DEAD_LETTERS));
    context.add(Component.step(() -> database.migrate(SCHEMA, MIGRATIONS)));
    context.add(Component.step(() -> VectorIndex.ensure(database.jdbi(), model.space())));
    Optional<EmbeddingModel> next = EmbeddingModels.next(context.environment(), usage);
    next.ifPresent(second ->
        context.add(Component.step(() -> VectorIndex.ensure(database.jdbi(), second.space()))));
    context.add(publisher);
    DeadLetters deadLetters = new DeadLetters(NAME, publisher);
    Parsers parsers = parsers(context, config);
    PostgresDocumentStore store =
        new PostgresDocumentStore(
            database.jdbi(),
            model.space(),
            next.map(second -> Set.of(second.space().model())).orElse(Set.of()));
    next.ifPresent(second -> {
      Retryer retryer = new Retryer(config.patience(), config.patience(), Thread::sleep);
      context.add(new SecondModel(database.jdbi(), model, second, new EmbeddingPace(), retryer));
    });
    addIndexing(context, config, model, repositories, store, publisher, deadLetters, parsers);
    addConsumers(context, config, model, repositories, store, publisher, deadLetters, parsers);
  }

  private static Parsers parsers(AppContext context, EmbeddingWorkerConfig config) {
    ParserPool readers =
        new ParserPool(
            ParserCommand.ofThisJvm(config.parserMemory()),
            config.parserProcesses(),
            config.parserTimeout());
    context.add(Component.closing(readers));
    return Parsers.standard().withRich(readers::parser);
  }

  private static void addConsumers(
      AppContext context,
      EmbeddingWorkerConfig config,
      EmbeddingModel model,
      Repositories repositories,
      PostgresDocumentStore store,
      EventPublisher publisher,
      DeadLetters deadLetters,
      Parsers parsers) {
    Database database = context.database();
    BranchHeads heads = new PostgresBranchHeads(database.jdbi());
    PushChanges changes = new PushChanges(config.paths(), parsers::canParse, repositories, heads);
    addConsumer(
        context,
        Topics.GITHUB_EVENTS,
        NAME,
        deadLetters,
        new PushHandler(NAME, changes, store::noteNewer, heads, publisher));
    addConsumer(
        context,
        Topics.KNOWLEDGE_REQUESTS,
        NAME + "-records",
        deadLetters,
        new RecordHandler(NAME, database.jdbi(), model, publisher));
    config
        .javari()
        .ifPresent(endpoint ->
            addConsumer(
                context,
                Topics.PLATFORM_EVENTS,
                NAME + "-javari",
                deadLetters,
                new JavariNotifier(NAME, endpoint)));
  }

  private static void addIndexing(
      AppContext context,
      EmbeddingWorkerConfig config,
      EmbeddingModel model,
      Repositories repositories,
      PostgresDocumentStore store,
      EventPublisher publisher,
      DeadLetters deadLetters,
      Parsers parsers) {
    RepositoryDocumentSource files = new RepositoryDocumentSource(repositories);
    WebDocumentSource web =
        new WebDocumentSource(config.maxDocumentBytes(), config.privateAddresses());
    EmbeddingPace pace = new EmbeddingPace();
    context.meters().gauge("embedding.batch.size", pace, EmbeddingPace::batchSize);
    Indexer indexer =
        new Indexer(
            (document, commit) ->
                (WebDocumentSource.isWeb(document.uri()) ? web : files).fetch(document, commit),
            parsers,
            model,
            store,
            new Retryer(config.patience(), config.patience(), Thread::sleep),
            new Retryer(config.fetchPatience(), config.patience(), Thread::sleep),
            pace,
            config.limits(),
            config.maxDocumentBytes());
    DocumentWork work =
        new DocumentWork(
            indexer::index,
            new FolderChanges(files::list, parsers::canParse),
            new Announcer(NAME, model.space(), publisher),
            Clock.systemUTC());
    ShareWorkerConfig shareGroup =
        new ShareWorkerConfig(
            NAME + "-documents",
            List.of(Topics.DOCUMENT_CHANGES.name()),
            config.slots(),
            ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
            STOP_GRACE);
    ShareWorker<DocumentChange> worker =
        context.add(
            new ShareWorker<>(
                context.kafka(),
                shareGroup,
                Topics.DOCUMENT_CHANGES,
                deadLetters,
                EffectGuard.of(Effect.MODEL_CALLS, work)));
    context.readiness().add("document-slots", worker::check);
  }

  private static <T extends SpecificRecord> void addConsumer(
      AppContext context,
      Topic<T> topic,
      String group,
      DeadLetters deadLetters,
      EventHandler<T> handler) {
    OrderedConsumer<T> consumer =
        context.add(new OrderedConsumer<>(context.kafka(), topic, group, deadLetters, handler));
    context.readiness().add(group + "-consumer", consumer::check);
  }
}
