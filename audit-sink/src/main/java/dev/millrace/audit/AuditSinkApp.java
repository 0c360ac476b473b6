package dev.millrace.audit;

import dev.millrace.audit.archive.ArchiveFolder;
import dev.millrace.audit.archive.ArchiveKeeper;
import dev.millrace.audit.archive.PartitionArchiver;
import dev.millrace.audit.chain.CheckpointKeeper;
import dev.millrace.audit.deadletter.SendBack;
import dev.millrace.audit.mirror.Mirror;
import dev.millrace.audit.mirror.MirrorLimits;
import dev.millrace.audit.mirror.TopicSelection;
import dev.millrace.audit.partition.DailyPartitions;
import dev.millrace.audit.partition.PartitionKeeper;
import dev.millrace.audit.partition.Retention;
import dev.millrace.audit.replay.Replays;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.database.Database;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.EventPublisher;
import dev.millrace.runtime.share.ShareWorker;
import dev.millrace.runtime.share.ShareWorkerConfig;
import dev.millrace.runtime.share.Work;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventId;
import dev.millrace.schemas.event.TraceContext;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Mirrors every topic into Postgres, exactly once, and keeps the read models of analysts. */
public final class AuditSinkApp implements App {

  private static final String SCHEMA = "audit";
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POSTGRES_RETRY = Duration.ofSeconds(2);
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final String MIGRATIONS = "dev/millrace/audit/migrations";

  @Override
  public String name() {
    return "audit-sink";
  }

  @Override
  public void wire(AppContext context) {
    AuditConfig config = AuditConfig.from(context.environment());
    Database database = context.database();
    DailyPartitions partitions =
        new DailyPartitions(
            database.dataSource(),
            config.partitionDaysAhead(),
            config.retention(),
            Clock.systemUTC());
    Mirror mirror =
        new Mirror(
            context.kafka(),
            database.dataSource(),
            partitions,
            context.meters(),
            TopicSelection.of(config.furtherTopics()),
            config.redactions(),
            new MirrorLimits(config.batchRows(), config.batchBytes(), config.retryBackoff()),
            config.consumers());

    context.add(Component.step(() -> database.migrate(SCHEMA, MIGRATIONS)));
    context.provision(Topics.all());
    context.add(new PartitionKeeper(context.app(), partitions));
    context.add(mirror);
    context.readiness().add("mirror", mirror::check);
    EventPublisher publisher = context.add(new EventPublisher(context.kafka(), DELIVERY_TIMEOUT));
    DeadLetters deadLetters = new DeadLetters(name(), publisher);
    context.add(
        new CheckpointKeeper(
            name(),
            context.database().jdbi(),
            checkpoint ->
                publisher.publishAndWait(
                    Topics.AUDIT_CHECKPOINTS,
                    Long.toString(checkpoint.getSequence()),
                    checkpoint,
                    EventContext.start(name(), TraceContext.of(EventId.random()))),
            config.directory(),
            config.checkpointInterval()));
    addArchives(context, config);
    addReplays(context, config, deadLetters);
    SendBack sendBack = context.add(SendBack.of(context.kafka(), context.database().jdbi()));
    addCommandWorker(context, "send-back", Topics.DEAD_LETTER_DECISIONS, deadLetters, sendBack);
  }

  private static void addArchives(AppContext context, AuditConfig config) {
    if (config.retention().equals(Retention.FOR_EVER)) {
      return;
    }
    PartitionArchiver archiver =
        new PartitionArchiver(
            context.database().jdbi(),
            new ArchiveFolder(config.archiveDirectory()),
            config.directory().resolve(CheckpointKeeper.KEY_FILE),
            Clock.systemUTC());
    context.add(
        new ArchiveKeeper(
            context.app(),
            archiver,
            config.retention(),
            config.retentionInterval(),
            Clock.systemUTC()));
  }

  private static void addReplays(AppContext context, AuditConfig config, DeadLetters deadLetters) {
    Database database = context.database();
    Replays replays =
        new Replays(context.kafka(), database.jdbi(), database.dataSource(), config.directory());
    addCommandWorker(
        context, "replays", Topics.REPLAY_COMMANDS, deadLetters, replays.commandHandler());
    context.add(replays);
    context.readiness().add("replays", replays::check);
  }

  private static <T extends SpecificRecord> void addCommandWorker(
      AppContext context, String name, Topic<T> topic, DeadLetters deadLetters, Work<T> work) {
    ShareWorker<T> worker =
        context.add(
            new ShareWorker<>(
                context.kafka(),
                new ShareWorkerConfig(
                    context.app() + "-" + name,
                    List.of(topic.name()),
                    1,
                    ShareWorkerConfig.DEFAULT_MAX_DELIVERIES,
                    STOP_GRACE),
                topic,
                deadLetters,
                new RetryingWork<>(work, POSTGRES_RETRY)));
    context.readiness().add(name + "-desk", worker::check);
  }
}
