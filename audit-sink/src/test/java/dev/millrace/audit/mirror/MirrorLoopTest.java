package dev.millrace.audit.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Records;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.redact.Redactor;
import dev.millrace.runtime.health.HealthCheck.Health;
import dev.millrace.schemas.serde.RegistryConfig;
import dev.millrace.schemas.serde.SchemaRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MirrorLoopTest {

  private static final String TOPIC = "task.events";
  private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);
  private static final TopicPartition P1 = new TopicPartition(TOPIC, 1);
  private static final Schema INT = Schema.create(Schema.Type.INT);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final FakeStore store = new FakeStore();
  private final MirrorStatus status = new MirrorStatus();
  private boolean registryAway;
  private final SchemaRegistry away =
      new SchemaRegistry(
          RegistryConfig.apicurio(URI.create("http://127.0.0.1:1"))
              .withPatience(Duration.ofMillis(1)));
  private final MirrorLoop loop =
      new MirrorLoop(
          consumer,
          store,
          new RecordWriter(
              new Redactor(id -> INT, Map.of()),
              new ValueDecoder(id -> registryAway ? away.schema(id) : INT, topic -> false),
              store,
              1 << 20),
          () -> !registryAway,
          new MirrorLimits(3, 1 << 20, Duration.ofMillis(1)),
          status,
          new MirrorMetrics(new SimpleMeterRegistry(), 0));

  @BeforeEach
  void subscribe() {
    Node node = new Node(0, "localhost", 1);
    Node[] nodes = {node};
    consumer.updatePartitions(
        TOPIC,
        List.of(
            new PartitionInfo(TOPIC, 0, node, nodes, nodes),
            new PartitionInfo(TOPIC, 1, node, nodes, nodes)));
    consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
    consumer.updateEndOffsets(Map.of(P0, 1_000L, P1, 1_000L));
    loop.subscribe(TopicSelection.of(Optional.empty()));
    // The mock assigns all partitions on subscribing and tells nobody.
    consumer.rebalance(List.of());
    consumer.rebalance(List.of(P0, P1));
  }

  @Test
  void everyRecordIsWrittenOnceInPiecesOfTheLimit() {
    add(P0, 0, 10);

    runUntil(10);

    assertThat(store.places()).containsExactlyElementsOf(places(0, 10));
    assertThat(store.offsets).containsEntry(P0, 10L);
    assertThat(store.writes).isEqualTo(4);
    assertThat(status.health()).isEqualTo(Health.UP);
  }

  @Test
  void itGoesOnFromWhatIsStored() {
    store.offsets.put(P0, 6L);
    add(P0, 0, 10);

    runUntil(4);

    assertThat(store.places()).containsExactlyElementsOf(places(6, 10));
  }

  @Test
  void aWriteWhoseOutcomeIsUnknownIsNotRepeated() {
    add(P0, 0, 2);
    runUntil(2);
    store.failure = FakeStore.CONNECTION_LOST;
    store.writesBeforeFailing = true;
    add(P0, 2, 5);
    loop.step();
    assertThat(status.health()).isInstanceOf(Health.Down.class);
    assertThat(consumer.paused()).contains(P0);

    store.failure = null;
    add(P0, 2, 6);
    runUntil(6);

    assertThat(store.places()).containsExactlyElementsOf(places(0, 6));
  }

  @Test
  void whilePostgresIsAwayItSaysSoAndLosesNothing() {
    store.failure = FakeStore.CONNECTION_LOST;
    add(P0, 0, 5);
    loop.step();
    assertThat(status.health()).isEqualTo(Health.down("Postgres: the connection was lost"));
    loop.step();
    assertThat(store.rows).isEmpty();

    store.failure = null;
    runUntil(5);

    assertThat(store.places()).containsExactlyElementsOf(places(0, 5));
    assertThat(status.health()).isEqualTo(Health.UP);
  }

  @Test
  void whileTheRegistryIsAwayItWaitsAndLosesNothing() {
    registryAway = true;
    add(P0, 0, 2);
    loop.step();
    loop.step();
    assertThat(status.health()).isInstanceOf(Health.Down.class);
    assertThat(store.rows).isEmpty();

    registryAway = false;
    add(P0, 0, 2);
    runUntil(2);

    assertThat(store.places()).containsExactlyElementsOf(places(0, 2));
  }

  @Test
  void aPartitionThatAnotherSinkTookOverIsPlacedAnew() {
    add(P0, 0, 2);
    runUntil(2);
    store.offsets.put(P0, 4L);
    add(P0, 2, 4);
    loop.step();

    add(P0, 2, 7);
    runUntil(5);

    assertThat(store.places())
        .containsExactly(
            "task.events/0/0",
            "task.events/0/1",
            "task.events/0/4",
            "task.events/0/5",
            "task.events/0/6");
  }

  @Test
  void aPartitionThatIsTakenAwayIsForgotten() {
    add(P1, 0, 2);
    runUntil(2);

    consumer.rebalance(List.of(P0));
    add(P0, 0, 1);
    runUntil(3);

    assertThat(store.offsets).containsEntry(P0, 1L).containsEntry(P1, 2L);
  }

  @Test
  void recordsThatKafkaDroppedAreSkippedLoudly() {
    store.offsets.put(P0, 5L);
    loop.step();
    consumer.updateBeginningOffsets(Map.of(P0, 20L));
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(P0, 5L)));
    loop.step();
    add(P0, 20, 22);

    runUntil(2);

    assertThat(store.places()).containsExactlyElementsOf(places(20, 22));
    assertThat(store.offsets).containsEntry(P0, 22L);
  }

  private void add(TopicPartition partition, long from, long to) {
    LongStream.range(from, to)
        .forEach(offset ->
            consumer.addRecord(
                Records.record(
                    TOPIC, partition.partition(), offset, new byte[] {0, 0, 0, 0, 1, 2})));
  }

  private void runUntil(int rows) {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> {
          loop.step();
          return store.rows.size() >= rows;
        });
  }

  private static List<String> places(long from, long to) {
    return LongStream.range(from, to).mapToObj(offset -> TOPIC + "/0/" + offset).toList();
  }
}
