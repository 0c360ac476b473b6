package dev.millrace.runtime.share;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.ReadAgainMarks;
import dev.millrace.schemas.catalogue.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes work from a share group: up to as many slots as configured, each a consumer of its own that
 * holds one delivery at a time and renews its lock.
 */
public final class ShareWorker<T extends SpecificRecord> implements Component {

  private static final Logger log = LoggerFactory.getLogger(ShareWorker.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  /**
   * Of the group, not of the consumer. The default isolation level reads aborted records, the
   * default reset passes over what was written before the group was made, and the default limit of
   * deliveries drops a record without a word before Millrace has given it up.
   */
  private static final Map<String, String> GROUP_SETTINGS =
      Map.of(
          "share.isolation.level",
          "read_committed",
          "share.auto.offset.reset",
          "earliest",
          "share.delivery.count.limit",
          Integer.toString(ShareWorkerConfig.BROKER_DELIVERY_LIMIT));

  /** A slot sees that it is to stop when its poll returns. */
  private static final Duration STOP_SLACK = Duration.ofSeconds(2);

  private static final Duration INTERRUPT_TIMEOUT = Duration.ofSeconds(8);

  private final KafkaClients kafka;
  private final ShareWorkerConfig config;
  private final Topic<T> valueTopic;
  private final DeadLetters deadLetters;
  private final Work<T> work;
  private final ShareSlots slots;

  /**
   * @param valueTopic a topic with the type of the values; all topics of the worker carry it
   */
  public ShareWorker(
      KafkaClients kafka,
      ShareWorkerConfig config,
      Topic<T> valueTopic,
      DeadLetters deadLetters,
      Work<T> work) {
    this.kafka = kafka;
    this.config = config;
    this.valueTopic = valueTopic;
    this.deadLetters = deadLetters;
    this.work = work;
    this.slots = new ShareSlots(config.slots());
  }

  @Override
  public void start() throws InterruptedException {
    configureGroup();
    DeliveryHandler<T> handler =
        new DeliveryHandler<>(
            kafka.serdes().deserializer(valueTopic),
            deadLetters,
            work,
            ReadAgainMarks.of(kafka.admin(), config.group()),
            config.maxDeliveries());
    slots.start((index, occupancy) -> {
      String role = config.group() + "-slot-" + index;
      return new ShareSlot<>(
          kafka.app() + "-" + role,
          () -> kafka.shareConsumer(role, config.group()),
          config.topics(),
          handler,
          occupancy);
    });
  }

  /** Whether all slots that were started are running. */
  public Health check() {
    return slots.check();
  }

  /** Lets deliveries in work end within the grace; then interrupts and releases them. */
  @Override
  public void stop() {
    slots.requestStop();
    try {
      if (!slots.awaitStop(config.stopGrace().plus(STOP_SLACK))) {
        slots.interrupt();
        if (!slots.awaitStop(INTERRUPT_TIMEOUT)) {
          log.atWarn()
              .addKeyValue("group", config.group())
              .log("some slots did not stop; what they hold comes again when its lock expires");
        }
      }
    } catch (InterruptedException e) {
      slots.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void configureGroup() throws InterruptedException {
    ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, config.group());
    List<AlterConfigOp> settings =
        GROUP_SETTINGS.entrySet().stream()
            .map(setting ->
                new AlterConfigOp(
                    new ConfigEntry(setting.getKey(), setting.getValue()),
                    AlterConfigOp.OpType.SET))
            .toList();
    while (true) {
      try {
        kafka.admin().incrementalAlterConfigs(Map.of(group, settings)).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException)) {
          throw new IllegalStateException(
              "the broker refused the settings of share group %s: %s"
                  .formatted(config.group(), Causes.rootMessage(e)),
              Causes.unwrap(e));
        }
        log.atInfo()
            .addKeyValue("group", config.group())
            .addKeyValue("reason", Causes.rootMessage(e))
            .log("waiting for the broker");
        Thread.sleep(RETRY_INTERVAL);
      }
    }
  }
}
