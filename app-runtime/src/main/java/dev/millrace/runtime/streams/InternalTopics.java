package dev.millrace.runtime.streams;

import dev.millrace.runtime.kafka.KafkaClients;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that Kafka Streams keeps for an app: changelogs and repartitions. */
final class InternalTopics {

  private static final Logger log = LoggerFactory.getLogger(InternalTopics.class);

  private InternalTopics() {}

  /**
   * Lets those that were created with a smaller limit take the largest record as well. The app does
   * not wait for it; a broker that refuses leaves them as they are.
   */
  static void widen(Admin admin, String applicationId) {
    KafkaFuture<Set<String>> _ =
        admin
            .listTopics()
            .names()
            .whenComplete((names, failure) -> {
              if (failure != null) {
                leave(applicationId, failure);
              } else {
                widen(admin, applicationId, of(applicationId, names));
              }
            });
  }

  private static void widen(Admin admin, String applicationId, List<String> topics) {
    if (topics.isEmpty()) {
      return;
    }
    KafkaFuture<Void> _ =
        admin
            .incrementalAlterConfigs(changes(topics))
            .all()
            .whenComplete((_, failure) -> {
              if (failure != null) {
                leave(applicationId, failure);
              }
            });
  }

  private static void leave(String applicationId, Throwable failure) {
    log.atDebug()
        .addKeyValue("app", applicationId)
        .setCause(failure)
        .log("internal topics keep their limit");
  }

  static List<String> of(String applicationId, Collection<String> topics) {
    return topics.stream()
        .filter(topic -> topic.startsWith(applicationId + "-"))
        .filter(topic -> topic.endsWith("-changelog") || topic.endsWith("-repartition"))
        .toList();
  }

  private static Map<ConfigResource, Collection<AlterConfigOp>> changes(List<String> topics) {
    AlterConfigOp limit =
        new AlterConfigOp(
            new ConfigEntry(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(KafkaClients.MAX_INTERNAL_RECORD_BYTES)),
            AlterConfigOp.OpType.SET);
    return topics.stream()
        .collect(
            Collectors.toMap(
                topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic),
                _ -> List.of(limit)));
  }
}
