package dev.millrace.audit.replay;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of a replay whose records go to another than their own. Where Kafka has none of that
 * name, it is made if that was asked for: with as many partitions, and for records as large, as the
 * largest of the topics that the records are of; all else is as the brokers have it.
 */
final class TargetTopic {

  private static final Logger log = LoggerFactory.getLogger(TargetTopic.class);

  private final Admin admin;

  TargetTopic(Admin admin) {
    this.admin = admin;
  }

  /**
   * Makes sure that a topic is there.
   *
   * @param sources topics that the records are of; none if they may be of any
   * @param mayCreate whether it is made where it is not there
   * @throws IllegalArgumentException if it is not there, or no topic can have that name
   * @throws KafkaException if Kafka does not make it
   */
  void ensure(String name, Collection<String> sources, boolean mayCreate) {
    try {
      Set<String> present = admin.listTopics().names().get();
      if (present.contains(name)) {
        return;
      }
      if (!mayCreate) {
        throw new IllegalArgumentException(
            "targetTopic: Kafka has no topic %s; ./millrace topics lists the topics, and --create-topic (createTopic) makes it"
                .formatted(name));
      }
      create(
          name,
          present.stream().filter(topic -> sources.isEmpty() || sources.contains(topic)).toList());
    } catch (ExecutionException e) {
      throw failure(name, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  private void create(String name, List<String> models)
      throws ExecutionException, InterruptedException {
    Optional<Integer> partitions =
        admin.describeTopics(models).allTopicNames().get().values().stream()
            .map(TopicDescription::partitions)
            .map(List::size)
            .max(Integer::compare);
    NewTopic topic = new NewTopic(name, partitions, Optional.empty()).configs(config(models));
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
    log.atInfo().addKeyValue("topic", name).log("made the topic that a replay writes to");
  }

  private Map<String, String> config(List<String> models)
      throws ExecutionException, InterruptedException {
    List<ConfigResource> resources =
        models.stream().map(model -> new ConfigResource(ConfigResource.Type.TOPIC, model)).toList();
    return admin.describeConfigs(resources).all().get().values().stream()
        .map(TargetTopic::largestRecord)
        .max(Integer::compare)
        .map(bytes -> Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes.toString()))
        .orElse(Map.of());
  }

  private static int largestRecord(Config config) {
    return Integer.parseInt(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
  }

  private static RuntimeException failure(String name, @Nullable Throwable cause) {
    return switch (cause) {
      case InvalidTopicException e ->
          new IllegalArgumentException(
              "targetTopic: no topic can be named " + name + ": " + e.getMessage(), e);
      case RetriableException e -> new TimeoutException("Kafka does not answer for now", e);
      case null, default ->
          new KafkaException(
              "topic %s is not there and cannot be made; make it first".formatted(name), cause);
    };
  }
}
