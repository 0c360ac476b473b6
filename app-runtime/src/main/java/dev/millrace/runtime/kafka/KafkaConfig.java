package dev.millrace.runtime.kafka;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.schemas.serde.RegistryConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Where Kafka and the schema registry are.
 *
 * @param bootstrapServers brokers, {@code host:port,host:port}
 * @param replicationFactor copies of each topic that is created; -1 leaves it to the broker
 * @param streamsGroupProtocol group protocol of Kafka Streams: {@code streams} or {@code classic}
 * @param streamsCommitInterval how long a transaction of Kafka Streams stays open: the latency of a
 *     hop
 * @param sessionTimeout after which the partitions of an instance that died move to another, where
 *     the member decides: under the streams protocol, the broker does
 * @param stateDirectory where Kafka Streams keeps its local stores
 * @param clientSettings further settings of every client, for example {@code security.protocol}
 * @param registry the schema registry
 */
public record KafkaConfig(
    String bootstrapServers,
    short replicationFactor,
    String streamsGroupProtocol,
    Duration streamsCommitInterval,
    Duration sessionTimeout,
    Path stateDirectory,
    Map<String, String> clientSettings,
    RegistryConfig registry) {

  private static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(10);
  private static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(10);
  private static final int HEARTBEATS_IN_A_SESSION = 5;

  public static KafkaConfig from(Environment environment) {
    String protocol = environment.string("KAFKA_STREAMS_GROUP_PROTOCOL", "streams");
    if (!protocol.equals("streams") && !protocol.equals("classic")) {
      throw new ConfigurationException(
          "KAFKA_STREAMS_GROUP_PROTOCOL", "expected streams or classic, found '" + protocol + "'");
    }
    return new KafkaConfig(
        environment.string("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
        (short) environment.integer("KAFKA_REPLICATION_FACTOR", -1, -1, 9),
        protocol,
        environment.duration("KAFKA_STREAMS_COMMIT_INTERVAL", DEFAULT_COMMIT_INTERVAL),
        environment.duration("KAFKA_SESSION_TIMEOUT", DEFAULT_SESSION_TIMEOUT),
        Path.of(environment.string("KAFKA_STREAMS_STATE_DIR", "state")),
        environment.settings("KAFKA_CLIENT_"),
        registry(environment));
  }

  /** The commit interval of a topology that is in no hurry; one that is configured longer holds. */
  public Duration streamsCommitIntervalOfAtLeast(Duration enough) {
    return streamsCommitInterval.compareTo(enough) < 0 ? enough : streamsCommitInterval;
  }

  /** How a consumer that is a member by the classic protocol shows that it lives. */
  public Map<String, Object> membership() {
    int timeoutMs = Math.toIntExact(sessionTimeout.toMillis());
    return Map.of(
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        timeoutMs,
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        timeoutMs / HEARTBEATS_IN_A_SESSION);
  }

  private static RegistryConfig registry(Environment environment) {
    RegistryConfig apicurio =
        RegistryConfig.apicurio(
            environment.uri("SCHEMA_REGISTRY_URL", URI.create("http://localhost:8081")));
    return new RegistryConfig(
        apicurio.url(),
        environment.uri("SCHEMA_REGISTRY_CONFLUENT_URL", apicurio.confluentUrl()),
        environment.string("SERDE_SERIALIZER", apicurio.serializer()),
        environment.string("SERDE_DESERIALIZER", apicurio.deserializer()),
        environment.duration("SCHEMA_REGISTRY_PATIENCE", apicurio.patience()));
  }
}
