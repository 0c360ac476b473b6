package dev.millrace.audit.mirror;

import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.partition.DailyPartitions;
import dev.millrace.audit.readmodel.ReadModels;
import dev.millrace.audit.redact.Redactor;
import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.serde.SchemaRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/** The mirror of all topics: one group of consumers, each on a thread of its own. */
public final class Mirror implements Component {

  /** The group; offsets in Postgres are one mirror's, so there is one group for a database. */
  public static final String GROUP = "audit-sink";

  /** Short, because a retry that waits in the decoder keeps the consumer from polling. */
  private static final Duration REGISTRY_PATIENCE = Duration.ofSeconds(2);

  private final List<MirrorThread> threads = new ArrayList<>();

  /**
   * @param topics names of the topics to mirror
   * @param redactions JSON paths by topic, as {@link Redactor} takes them
   * @param consumers threads
   */
  public Mirror(
      KafkaClients kafka,
      DataSource dataSource,
      DailyPartitions partitions,
      MeterRegistry meters,
      Pattern topics,
      Map<String, String> redactions,
      MirrorLimits limits,
      int consumers) {
    SchemaRegistry registry =
        new SchemaRegistry(kafka.config().registry().withPatience(REGISTRY_PATIENCE));
    for (int i = 0; i < consumers; i++) {
      MirrorStore store = new PostgresMirrorStore(dataSource, partitions, limits.batchBytes());
      RecordWriter writer =
          new RecordWriter(
              new Redactor(registry::schema, redactions),
              new ValueDecoder(registry::schema, ReadModels::isFor),
              store,
              limits.batchJsonBytes());
      MirrorMetrics metrics = new MirrorMetrics(meters, i);
      int number = i;
      threads.add(
          new MirrorThread(
              kafka.app() + "-mirror-" + i,
              () -> kafka.consumer("mirror-" + number, GROUP, ConsumerSettings.of(limits)),
              (consumer, status) ->
                  new MirrorLoop(
                      consumer, store, writer, registry::isAvailable, limits, status, metrics),
              topics,
              new Backoff(limits.retryBackoff())));
    }
  }

  /** Whether every consumer mirrors; if not, what the first one waits for. */
  public Health check() {
    return threads.stream()
        .map(MirrorThread::health)
        .filter(health -> health instanceof Health.Down)
        .findFirst()
        .orElse(Health.UP);
  }

  @Override
  public void start() {
    threads.forEach(MirrorThread::start);
  }

  /** Finishes the batches that are being written. */
  @Override
  public void stop() {
    threads.forEach(MirrorThread::requestStop);
    threads.forEach(MirrorThread::awaitEnd);
  }
}
