package dev.millrace.runtime.kafka;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.RegistryUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates topics of the catalogue and registers their schemas, where they are missing. */
public final class TopicProvisioner {

  private static final Logger log = LoggerFactory.getLogger(TopicProvisioner.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final KafkaClients kafka;

  public TopicProvisioner(KafkaClients kafka) {
    this.kafka = kafka;
  }

  /**
   * Makes sure that these topics and their schemas are there; waits for a broker and a registry
   * that are away. Topics that exist are left as they are.
   *
   * @throws IllegalStateException if the broker or the registry refuses one for good
   */
  public void ensure(Collection<? extends Topic<?>> topics) throws InterruptedException {
    while (true) {
      try {
        createMissing(topics);
        break;
      } catch (ExecutionException e) {
        if (!mayPass(e.getCause())) {
          throw new IllegalStateException(
              "the broker refused to create topics: " + Causes.rootMessage(e), Causes.unwrap(e));
        }
        waitFor("the broker", kafka.config().bootstrapServers(), e);
      }
    }
    for (Topic<?> topic : topics) {
      registerSchema(topic);
    }
  }

  /** Brokers of a cluster that is starting may be fewer than the copies of a topic. */
  private static boolean mayPass(@Nullable Throwable failure) {
    return failure instanceof RetriableException
        || failure instanceof InvalidReplicationFactorException;
  }

  private void waitFor(String what, Object where, Exception reason) throws InterruptedException {
    log.atInfo()
        .addKeyValue("app", kafka.app())
        .addKeyValue("at", where)
        .addKeyValue("reason", Causes.rootMessage(reason))
        .log("waiting for {}", what);
    Thread.sleep(RETRY_INTERVAL);
  }

  private void createMissing(Collection<? extends Topic<?>> topics)
      throws ExecutionException, InterruptedException {
    Set<String> existing = kafka.admin().listTopics().names().get();
    List<NewTopic> missing =
        topics.stream()
            .filter(topic -> !existing.contains(topic.name()))
            .map(this::newTopic)
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    for (Map.Entry<String, KafkaFuture<Void>> created :
        kafka.admin().createTopics(missing).values().entrySet()) {
      try {
        created.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    log.atInfo()
        .addKeyValue("app", kafka.app())
        .addKeyValue(
            "topics", missing.stream().map(NewTopic::name).collect(Collectors.joining(",")))
        .log("created topics");
  }

  private NewTopic newTopic(Topic<?> topic) {
    short replication = kafka.config().replicationFactor();
    return new NewTopic(
            topic.name(),
            Optional.of(topic.partitions()),
            replication < 0 ? Optional.empty() : Optional.of(replication))
        .configs(topic.config());
  }

  private void registerSchema(Topic<?> topic) throws InterruptedException {
    while (true) {
      try {
        kafka.serdes().registry().register(topic);
        return;
      } catch (RegistryUnavailableException e) {
        waitFor("the schema registry", kafka.config().registry().url(), e);
      }
    }
  }
}
