package dev.millrace.runtime.kafka;

import dev.millrace.runtime.failure.Causes;
import dev.millrace.schemas.catalogue.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
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
        if (!(e.getCause() instanceof RetriableException)) {
          throw new IllegalStateException(
              "the broker refused to create topics: " + Causes.rootMessage(e), Causes.unwrap(e));
        }
        log.atInfo()
            .addKeyValue("app", kafka.app())
            .addKeyValue("brokers", kafka.config().bootstrapServers())
            .addKeyValue("reason", Causes.rootMessage(e))
            .log("waiting for the broker");
        Thread.sleep(RETRY_INTERVAL);
      }
    }
    registerSchemas(topics);
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

  private void registerSchemas(Collection<? extends Topic<?>> topics) throws InterruptedException {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> registered =
          topics.stream()
              .<Future<Integer>>map(
                  topic -> executor.submit(() -> kafka.serdes().registry().register(topic)))
              .toList();
      for (Future<Integer> schema : registered) {
        schema.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(Causes.rootMessage(e), Causes.unwrap(e));
    }
  }
}
