package dev.millrace.runtime.kafka;

import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.failure.Causes;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Kafka clients of one app, with the settings that hold everywhere: acknowledged by all
 * replicas, idempotent, reading committed records only, measured. Closing it closes the admin
 * client; every other client belongs to whoever asked for it.
 */
public final class KafkaClients implements AutoCloseable {

  private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);

  private static final Duration LINGER = Duration.ofMillis(2);

  /** Room for a dozen webhooks: the default of 16 KB holds one or two. */
  public static final int BATCH_BYTES = 128 << 10;

  /** Largest request of a producer: above the largest record of any topic. */
  public static final int MAX_REQUEST_BYTES = Topic.MAX_RECORD_BYTES + (2 << 20);

  /**
   * Largest record of the topics that stream apps keep for themselves, and so of what they write:
   * the record of another topic, written without compression, once more as JSON.
   */
  public static final int MAX_INTERNAL_RECORD_BYTES = 2 * MAX_REQUEST_BYTES;

  private final String app;
  private final KafkaConfig config;
  private final EventSerdes serdes;
  private final MeterRegistry meters;
  private final ScheduledExecutorService metricsRefresher;

  /** Meters of the newest client of each role: a client that replaces one takes its place. */
  private final Map<String, KafkaClientMetrics> boundByRole = new HashMap<>();

  private @Nullable Admin admin;

  public KafkaClients(String app, KafkaConfig config, EventSerdes serdes, MeterRegistry meters) {
    this.app = app;
    this.config = config;
    this.serdes = serdes;
    this.meters = meters;
    this.metricsRefresher =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(app + "-kafka-metrics").factory());
  }

  public String app() {
    return app;
  }

  public KafkaConfig config() {
    return config;
  }

  public EventSerdes serdes() {
    return serdes;
  }

  /** The app's admin client, made at the first call. */
  public synchronized Admin admin() {
    if (admin == null) {
      Map<String, Object> settings = common("admin");
      settings.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000);
      admin = Admin.create(settings);
    }
    return admin;
  }

  /**
   * A producer of events.
   *
   * @param role what tells it from the app's other clients
   * @param deliveryTimeout after which a record that no broker acknowledged has failed
   */
  public Producer<String, SpecificRecord> producer(String role, Duration deliveryTimeout) {
    Producer<String, SpecificRecord> producer =
        new KafkaProducer<>(
            producerSettings(role, deliveryTimeout), new StringSerializer(), serdes.serializer());
    bind(role, new KafkaClientMetrics(producer, tags(role), metricsRefresher));
    return producer;
  }

  /** The settings of every producer: acknowledged by all replicas, idempotent. */
  public Map<String, Object> producerSettings(String role, Duration deliveryTimeout) {
    Map<String, Object> settings = common(role);
    int timeoutMs = Math.toIntExact(deliveryTimeout.toMillis());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER.toMillis());
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMs);
    settings.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
        Math.min(timeoutMs - (int) LINGER.toMillis(), 30_000));
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMs);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    return settings;
  }

  /**
   * A consumer of raw records that commits no offsets by itself.
   *
   * @param role what tells it from the app's other clients
   * @param groupId its group, or null for one that assigns its partitions itself; what a group
   *     reads again after a reset is marked, see {@link ReadAgain}
   * @param overrides settings on top
   */
  public Consumer<byte[], byte[]> consumer(
      String role, @Nullable String groupId, Map<String, Object> overrides) {
    Map<String, Object> settings = common(role);
    if (groupId != null) {
      settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
      settings.putAll(config.membership());
      settings.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ReadAgain.class.getName());
    }
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.putAll(overrides);
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    bind(role, new KafkaClientMetrics(consumer, tags(role), metricsRefresher));
    return consumer;
  }

  /** A consumer of a share group that acknowledges each record and holds one at a time. */
  public ShareConsumer<byte[], byte[]> shareConsumer(String role, String groupId) {
    Map<String, Object> settings = common(role);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return new KafkaShareConsumer<>(
        settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Whether a broker answers. */
  public Health checkBroker() {
    try {
      admin().describeCluster().clusterId().get(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return Health.UP;
    } catch (TimeoutException e) {
      return Health.down(
          "no broker at "
              + config.bootstrapServers()
              + " answered within "
              + Durations.text(CHECK_TIMEOUT));
    } catch (ExecutionException e) {
      return Health.down(Causes.rootMessage(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Health.down("the check was interrupted");
    }
  }

  /** Whether the schema registry answers. */
  public Health checkRegistry() {
    return serdes.registry().isAvailable()
        ? Health.UP
        : Health.down("the schema registry at " + config.registry().url() + " does not answer");
  }

  /** Settings of every client of the app. */
  public Map<String, Object> common(String role) {
    Map<String, Object> settings = new HashMap<>(config.clientSettings());
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, app + "-" + role);
    settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }

  private List<Tag> tags(String role) {
    return List.of(Tag.of("client", role));
  }

  private synchronized void bind(String role, KafkaClientMetrics metrics) {
    KafkaClientMetrics former = boundByRole.put(role, metrics);
    if (former != null) {
      former.close();
    }
    metrics.bindTo(meters);
  }

  @Override
  public synchronized void close() {
    boundByRole.values().forEach(KafkaClientMetrics::close);
    metricsRefresher.shutdownNow();
    if (admin != null) {
      admin.close(CHECK_TIMEOUT);
    }
  }
}
