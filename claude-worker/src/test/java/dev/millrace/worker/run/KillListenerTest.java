package dev.millrace.worker.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.agent.RunOutcome;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.WireFormat;
import dev.millrace.worker.agent.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KillListenerTest {

  private static final TopicPartition PARTITION =
      new TopicPartition(Topics.AGENT_COMMANDS.name(), 0);
  private static final Duration LOOK_BACK = Duration.ofDays(14);

  private static final String UNREADABLE = "unreadable";

  private final ActiveRuns activeRuns = new ActiveRuns(LOOK_BACK, Clock.systemUTC());
  private final Queue<Consumer<byte[], byte[]>> consumers = new ArrayDeque<>();
  private final KillListener listener =
      new KillListener(
          "worker", consumers::remove, () -> KillListenerTest::command, activeRuns, LOOK_BACK);

  @AfterEach
  void stop() {
    listener.stop();
  }

  @Test
  void itHasStartedWhenItKnowsTheCommandsThatWereThere() throws InterruptedException {
    CommandConsumer consumer = new CommandConsumer(2, 0L);
    consumers.add(consumer);
    Thread start = start();
    await().until(() -> consumer.polls.get() > 2);
    assertThat(start.isAlive()).isTrue();

    consumer.arrive(0, "run-1");
    consumer.arrive(1, "run-2");

    start.join();
    assertThat(isKilled("run-1")).isTrue();
    assertThat(isKilled("run-2")).isTrue();
    assertThat(consumer.askedFrom)
        .isBetween(Instant.now().minus(LOOK_BACK).minusSeconds(60), Instant.now().minus(LOOK_BACK));
  }

  @Test
  void whereThereIsNoCommandItHasStartedAtOnceAndHearsTheNext() throws InterruptedException {
    CommandConsumer consumer = new CommandConsumer(7, null);
    consumers.add(consumer);
    start().join();

    consumer.arrive(7, "run-1");

    await().until(() -> isKilled("run-1"));
  }

  @Test
  void itWaitsForABrokerThatIsAway() throws InterruptedException {
    CommandConsumer away = new CommandConsumer(1, 0L);
    away.setPollException(new KafkaException("no broker"));
    CommandConsumer back = new CommandConsumer(1, 0L);
    consumers.addAll(List.of(away, back));
    Thread start = start();
    await().until(away::closed);
    assertThat(start.isAlive()).isTrue();

    back.arrive(0, "run-1");

    start.join();
    assertThat(isKilled("run-1")).isTrue();
  }

  @Test
  void aBrokerThatDoesNotKnowTheTopicYetIsAskedAgain() throws InterruptedException {
    CommandConsumer unknowing = new CommandConsumer(1, 0L);
    unknowing.updatePartitions(Topics.AGENT_COMMANDS.name(), List.of());
    CommandConsumer knowing = new CommandConsumer(1, 0L);
    consumers.addAll(List.of(unknowing, knowing));
    Thread start = start();
    await().until(unknowing::closed);
    assertThat(start.isAlive()).isTrue();

    knowing.arrive(0, "run-1");

    start.join();
    assertThat(isKilled("run-1")).isTrue();
  }

  @Test
  void aCommandThatCannotBeReadHoldsUpNoOther() throws InterruptedException {
    CommandConsumer consumer = new CommandConsumer(2, 0L);
    consumers.add(consumer);
    Thread start = start();

    consumer.arrive(0, UNREADABLE);
    consumer.arrive(1, "run-1");

    start.join();
    assertThat(isKilled("run-1")).isTrue();
    assertThat(consumer.closed()).isFalse();
  }

  private Thread start() {
    return Thread.startVirtualThread(() -> {
      try {
        listener.start();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private boolean isKilled(String run) throws InterruptedException {
    try {
      return activeRuns.enter(new RunId(run)).getNow(RunEnd.pastDeadline()).outcome()
          == RunOutcome.KILLED;
    } finally {
      activeRuns.leave(new RunId(run));
    }
  }

  private static AgentCommand command(String topic, byte[] value) {
    String run = new String(value, StandardCharsets.UTF_8);
    if (run.equals(UNREADABLE)) {
      int schema = WireFormat.schemaId(value);
      throw new AssertionError("expected no schema, found " + schema);
    }
    return AgentCommand.newBuilder()
        .setCommandId("kill-" + run)
        .setRunId(run)
        .setAction(AgentAction.KILL)
        .build();
  }

  /** A topic of one partition. */
  private static final class CommandConsumer extends MockConsumer<byte[], byte[]> {

    private final AtomicInteger polls = new AtomicInteger();
    private final @Nullable Long first;
    private volatile Instant askedFrom = Instant.EPOCH;

    CommandConsumer(long end, @Nullable Long first) {
      super("earliest");
      this.first = first;
      Node node = new Node(0, "localhost", 1);
      Node[] nodes = {node};
      updatePartitions(
          PARTITION.topic(), List.of(new PartitionInfo(PARTITION.topic(), 0, node, nodes, nodes)));
      updateBeginningOffsets(Map.of(PARTITION, 0L));
      updateEndOffsets(Map.of(PARTITION, end));
    }

    void arrive(long offset, String run) {
      schedulePollTask(() ->
          addRecord(
              new ConsumerRecord<>(
                  PARTITION.topic(),
                  PARTITION.partition(),
                  offset,
                  new byte[0],
                  run.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      askedFrom = Instant.ofEpochMilli(times.getOrDefault(PARTITION, 0L));
      Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
      found.put(PARTITION, first == null ? null : new OffsetAndTimestamp(first, 0));
      return found;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      polls.incrementAndGet();
      return super.poll(timeout);
    }
  }
}
