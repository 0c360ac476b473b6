package dev.millrace.runtime.streams;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.ReadAgain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a topology with exactly-once processing, unless an override says otherwise. A thread that
 * fails is replaced, and its transaction is repeated by the next; records that cannot be read or
 * processed go to the dead letters in the same transaction.
 */
public final class StreamsApp implements Component {

  private static final Logger log = LoggerFactory.getLogger(StreamsApp.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  /**
   * A transaction that has to wait for the one before it waits this long, not the default 100 ms.
   */
  private static final Duration RETRY_BACKOFF = Duration.ofMillis(10);

  /**
   * What a transaction writes is read when it is committed, and the commit sends what has not been
   * sent. Sent before, record by record, it costs the broker more requests and no reader is sooner.
   */
  private static final Duration LINGER_IN_TRANSACTION = Duration.ofSeconds(1);

  /** Pause before a failed thread is replaced, so that an outage does not become a storm. */
  private static final Duration REPLACE_DELAY = Duration.ofSeconds(1);

  private final KafkaClients kafka;
  private final MeterRegistry meters;
  private final Topology topology;
  private final Map<String, Object> overrides;
  private final ThreadFailures failures = new ThreadFailures(InstantSource.system());
  private @Nullable KafkaStreams streams;
  private @Nullable KafkaStreamsMetrics metrics;

  /**
   * @param overrides settings on top of those that hold everywhere, for example the number of
   *     threads
   */
  public StreamsApp(
      KafkaClients kafka, MeterRegistry meters, Topology topology, Map<String, Object> overrides) {
    this.kafka = kafka;
    this.meters = meters;
    this.topology = topology;
    this.overrides = Map.copyOf(overrides);
  }

  @Override
  public synchronized void start() {
    InternalTopics.widen(kafka.admin(), applicationId());
    KafkaStreams starting = new KafkaStreams(topology, properties());
    starting.setUncaughtExceptionHandler(this::replaceThread);
    metrics = new KafkaStreamsMetrics(starting);
    metrics.bindTo(meters);
    streams = starting;
    starting.start();
  }

  /** Whether the topology is running, and gets on. */
  public synchronized Health check() {
    if (streams == null) {
      return Health.down("not started");
    }
    KafkaStreams.State state = streams.state();
    Optional<String> standstill = failures.standstill();
    if (standstill.isPresent()) {
      return Health.down(standstill.get());
    }
    return state == KafkaStreams.State.RUNNING
        ? Health.UP
        : Health.down("Kafka Streams is " + state);
  }

  /** The partitions of a topic that this instance processes now. */
  public synchronized Set<Integer> partitionsOf(String topic) {
    if (streams == null || !streams.state().isRunningOrRebalancing()) {
      return Set.of();
    }
    return streams.metadataForLocalThreads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .flatMap(task -> task.topicPartitions().stream())
        .filter(partition -> partition.topic().equals(topic))
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  private StreamThreadExceptionResponse replaceThread(Throwable failure) {
    failures.add(failure);
    log.atError()
        .addKeyValue("app", kafka.app())
        .setCause(failure)
        .log("a stream thread failed and is replaced");
    try {
      Thread.sleep(REPLACE_DELAY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private String applicationId() {
    return "millrace-" + kafka.app();
  }

  Properties properties() {
    Properties properties = new Properties();
    properties.putAll(kafka.common("streams"));
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, kafka.config().streamsCommitInterval().toMillis());
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, kafka.config().streamsGroupProtocol());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, kafka.config().stateDirectory().toString());
    properties.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) kafka.config().replicationFactor());
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG),
        isExactlyOnce() ? LINGER_IN_TRANSACTION.toMillis() : 0);
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), KafkaClients.BATCH_BYTES);
    properties.put(StreamsConfig.producerPrefix("retry.backoff.ms"), RETRY_BACKOFF.toMillis());
    if (kafka.config().streamsGroupProtocol().equals("classic")) {
      kafka
          .config()
          .membership()
          .forEach(
              (setting, value) -> properties.put(StreamsConfig.mainConsumerPrefix(setting), value));
    }
    properties.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
        ReadAgain.class.getName());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        KafkaClients.MAX_INTERNAL_RECORD_BYTES);
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(KafkaClients.MAX_INTERNAL_RECORD_BYTES));
    properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTimestamp.class);
    properties.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetteringDeserializationHandler.class);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeadLetteringProcessingHandler.class);
    properties.put(
        StreamsDeadLetters.CONFIG,
        new StreamsDeadLetters(kafka.app(), kafka.serdes().serializer()));
    properties.putAll(overrides);
    return properties;
  }

  private boolean isExactlyOnce() {
    return overrides
        .getOrDefault(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .equals(StreamsConfig.EXACTLY_ONCE_V2);
  }

  @Override
  public synchronized void stop() {
    if (streams != null) {
      // Its tasks move on at once, or back to it when it returns, without a session timeout
      // between.
      streams.close(
          CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
              .withTimeout(CLOSE_TIMEOUT));
    }
    if (metrics != null) {
      metrics.close();
    }
  }
}
