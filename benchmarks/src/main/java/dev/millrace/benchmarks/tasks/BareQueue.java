package dev.millrace.benchmarks.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.benchmarks.follow.TopicFollower;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.streams.StreamsApp;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What a task costs at least with Kafka's own clients and Millrace's guarantees: a request is kept
 * in a store and given out in one transaction, taken from a share group, its result acknowledged by
 * all replicas, and its end noted in another transaction. No HTTP, no Avro, no limits, priorities
 * or history, no database.
 */
final class BareQueue implements AutoCloseable {

  private static final String REQUESTS = "bench.bare.requests";
  private static final String RESULTS = "bench.bare.results";
  private static final String GIVEN_OUT = "bench.bare.given-out";
  private static final String WORK = "bench.bare.work";
  private static final String DONE = "bench.bare.done";
  private static final String GROUP = "bench-bare-workers";
  private static final String STORE = "tasks";
  private static final int PARTITIONS = 4;
  private static final Duration POLL = Duration.ofMillis(200);

  /** As large as the Avro of a request of the benchmark. */
  private static final byte[] VALUE = "x".repeat(300).getBytes(UTF_8);

  private final KafkaClients kafka;
  private final OpenTasks tasks;
  private final StreamsApp queue;
  private final StreamsApp handover;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("bare-", 0).factory());
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile boolean closed;

  private BareQueue(Environment environment, OpenTasks tasks) {
    this.kafka = TopicFollower.clients(environment);
    this.tasks = tasks;
    this.queue = streams("bench-bare-queue", queue(), Map.of());
    this.handover =
        streams(
            "bench-bare-handover",
            handover(),
            Map.of(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.AT_LEAST_ONCE,
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
                "read_committed",
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                500));
  }

  /**
   * Starts it.
   *
   * @param slots workers at once
   * @param tasks lets in what may be on its way
   */
  static BareQueue start(Environment environment, int slots, OpenTasks tasks)
      throws InterruptedException {
    BareQueue bare = new BareQueue(environment, tasks);
    bare.createTopics();
    bare.queue.start();
    bare.handover.start();
    for (int slot = 0; slot < slots; slot++) {
      String role = "bare-slot-" + slot;
      bare.threads.execute(() -> bare.work(role));
    }
    bare.threads.execute(bare::follow);
    bare.threads.execute(bare::ask);
    return bare;
  }

  private void createTopics() throws InterruptedException {
    try {
      kafka
          .admin()
          .createTopics(
              List.of(
                  topic(REQUESTS, PARTITIONS),
                  topic(RESULTS, PARTITIONS),
                  topic(DONE, PARTITIONS),
                  topic(GIVEN_OUT, 1),
                  topic(WORK, 1)))
          .all()
          .get();
      kafka
          .admin()
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("share.auto.offset.reset", "earliest"),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused the topics", e.getCause());
    }
  }

  private static NewTopic topic(String name, int partitions) {
    return new NewTopic(name, partitions, (short) 1);
  }

  private StreamsApp streams(String id, Topology topology, Map<String, Object> overrides) {
    Map<String, Object> settings = new HashMap<>(overrides);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
    settings.put(StreamsConfig.CLIENT_ID_CONFIG, id);
    return new StreamsApp(kafka, new SimpleMeterRegistry(), topology, settings);
  }

  private static Topology queue() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray()));
    Consumed<byte[], byte[]> bytes = Consumed.with(Serdes.ByteArray(), Serdes.ByteArray());
    KStream<byte[], byte[]> requests = builder.stream(REQUESTS, bytes);
    KStream<byte[], byte[]> results = builder.stream(RESULTS, bytes);
    requests
        .process(() -> new Store(true), Named.as("ask"), STORE)
        .to(GIVEN_OUT, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    results
        .process(() -> new Store(false), Named.as("end"), STORE)
        .to(DONE, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    return builder.build();
  }

  private static Topology handover() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(GIVEN_OUT, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .to(WORK, Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    return builder.build();
  }

  /** Keeps a task from its request to its result. */
  private static final class Store extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    private final boolean begins;

    Store(boolean begins) {
      this.begins = begins;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      KeyValueStore<byte[], byte[]> store = context().getStateStore(STORE);
      if (begins) {
        store.put(record.key(), record.value());
      } else {
        store.delete(record.key());
      }
      context().forward(record);
    }
  }

  private void work(String role) {
    try (ShareConsumer<byte[], byte[]> consumer = kafka.shareConsumer(role, GROUP);
        Producer<byte[], byte[]> producer = producer(role)) {
      consumer.subscribe(List.of(WORK));
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          producer.send(new ProducerRecord<>(RESULTS, record.key(), record.value())).get();
          consumer.acknowledge(record, AcknowledgeType.ACCEPT);
        }
      }
    } catch (InterruptedException | InterruptException | ExecutionException e) {
      failed(e);
    }
  }

  private void follow() {
    try (Consumer<byte[], byte[]> consumer =
        kafka.consumer("bare-follow", "bench-bare-follow", Map.of())) {
      consumer.subscribe(List.of(DONE));
      while (!closed) {
        consumer.poll(POLL).forEach(_ -> tasks.ended());
      }
    } catch (InterruptException e) {
      failed(e);
    }
  }

  private void ask() {
    try (Producer<byte[], byte[]> producer = producer("bare-ask")) {
      while (!closed) {
        tasks.awaitRoom();
        byte[] id = UUID.randomUUID().toString().getBytes(UTF_8);
        Future<RecordMetadata> _ =
            producer.send(
                new ProducerRecord<>(REQUESTS, id, VALUE), (_, refusal) -> failed(refusal));
      }
    } catch (InterruptException | IllegalStateException e) {
      failed(e);
    }
  }

  private void failed(@Nullable Exception cause) {
    if (cause != null && !closed) {
      failure.compareAndSet(null, cause);
    }
  }

  /**
   * A queue of which a part ended measures nothing.
   *
   * @throws IllegalStateException if one did
   */
  void requireSound() {
    Exception first = failure.get();
    if (first != null) {
      throw new IllegalStateException("the bare queue failed: " + first, first);
    }
  }

  private Producer<byte[], byte[]> producer(String role) {
    return new KafkaProducer<>(
        kafka.producerSettings(role, Duration.ofSeconds(30)),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    threads.close();
    queue.stop();
    handover.stop();
    kafka.close();
  }
}
