package dev.millrace.audit;

import dev.millrace.audit.mirror.Mirror;
import dev.millrace.audit.mirror.MirrorLimits;
import dev.millrace.audit.mirror.TopicSelection;
import dev.millrace.audit.partition.DailyPartitions;
import dev.millrace.audit.partition.PartitionKeeper;
import dev.millrace.runtime.app.App;
import dev.millrace.runtime.app.AppContext;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.database.Database;
import dev.millrace.schemas.catalogue.Topics;
import java.time.Clock;

/** Mirrors every topic into Postgres, exactly once, and keeps the read models of analysts. */
public final class AuditSinkApp implements App {

  private static final String SCHEMA = "audit";
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
        new DailyPartitions(database.dataSource(), config.partitionDaysAhead(), Clock.systemUTC());
    Mirror mirror =
        new Mirror(
            context.kafka(),
            database.dataSource(),
            partitions,
            context.meters(),
            TopicSelection.of(config.furtherTopics()),
            new MirrorLimits(config.batchRows(), config.batchBytes(), config.retryBackoff()),
            config.consumers());

    context.add(Component.step(() -> database.migrate(SCHEMA, MIGRATIONS)));
    context.provision(Topics.all());
    context.add(new PartitionKeeper(context.app(), partitions));
    context.add(mirror);
    context.readiness().add("mirror", mirror::check);
  }
}
