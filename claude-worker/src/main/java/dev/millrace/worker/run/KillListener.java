package dev.millrace.worker.run;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.agent.AgentAction;
import dev.millrace.schemas.agent.AgentCommand;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.UndecodableException;
import dev.millrace.worker.agent.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the commands to runs and kills those that are meant. Every worker reads all commands,
 * because none knows which worker has a run; it begins a while back, because a run may come, or
 * come again, long after the command to kill it. What it cannot read or obey it passes over: the
 * dead letter is that of {@link CommandCheck}.
 *
 * <p>It has started when it knows all commands that were there at its start, so that no run begins
 * before whose command is there; it waits for a broker that is away.
 */
public final class KillListener implements Component {

  private static final Logger log = LoggerFactory.getLogger(KillListener.class);
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Supplier<Deserializer<AgentCommand>> deserializers;
  private final ActiveRuns activeRuns;
  private final Duration lookBack;
  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /**
   * @param lookBack how old the first commands are that are read
   */
  public KillListener(KafkaClients kafka, ActiveRuns activeRuns, Duration lookBack) {
    this(
        kafka.app(),
        () -> kafka.consumer("commands", null, Map.of()),
        () -> kafka.serdes().deserializer(Topics.AGENT_COMMANDS),
        activeRuns,
        lookBack);
  }

  KillListener(
      String app,
      Supplier<Consumer<byte[], byte[]>> consumers,
      Supplier<Deserializer<AgentCommand>> deserializers,
      ActiveRuns activeRuns,
      Duration lookBack) {
    this.consumers = consumers;
    this.deserializers = deserializers;
    this.activeRuns = activeRuns;
    this.lookBack = lookBack;
    this.thread = Thread.ofPlatform().daemon().name(app + "-commands").unstarted(this::run);
  }

  @Override
  public void start() throws InterruptedException {
    thread.start();
    caughtUp.await();
  }

  @Override
  public void stop() {
    stopping = true;
    Consumer<byte[], byte[]> reading = current;
    if (reading != null) {
      reading.wakeup();
    }
    try {
      if (!thread.join(STOP_TIMEOUT)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Deserializer<AgentCommand> deserializer = deserializers.get();
    while (!stopping) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        current = consumer;
        read(consumer, deserializer);
      } catch (InterruptException | InterruptedException e) {
        return;
      } catch (WakeupException e) {
        // Only stop() wakes it: the loop ends.
      } catch (RuntimeException e) {
        // Whatever it is: without this thread no run could be killed, and nobody would notice.
        log.atWarn()
            .setCause(e instanceof KafkaException ? null : e)
            .addKeyValue("reason", e.getMessage())
            .log("commands to runs cannot be read; trying again");
        pause();
      }
    }
  }

  private void read(Consumer<byte[], byte[]> consumer, Deserializer<AgentCommand> deserializer)
      throws InterruptedException {
    Map<TopicPartition, Long> ends = seek(consumer, Instant.now().minus(lookBack));
    while (!stopping) {
      if (caughtUp.getCount() > 0 && hasReached(consumer, ends)) {
        caughtUp.countDown();
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
        apply(record, deserializer);
      }
    }
  }

  private static boolean hasReached(
      Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Returns where the partitions ended before it looked for the first commands. */
  private static Map<TopicPartition, Long> seek(Consumer<byte[], byte[]> consumer, Instant from) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.AGENT_COMMANDS.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new UnknownTopicOrPartitionException(
          "the broker does not know " + Topics.AGENT_COMMANDS.name() + " yet");
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, from.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
    ends.forEach((partition, end) -> {
      OffsetAndTimestamp first = offsets.get(partition);
      consumer.seek(partition, first == null ? end : first.offset());
    });
    return ends;
  }

  private void apply(
      ConsumerRecord<byte[], byte[]> record, Deserializer<AgentCommand> deserializer) {
    AgentCommand command;
    try {
      command = deserializer.deserialize(record.topic(), record.headers(), record.value());
    } catch (UndecodableException e) {
      log.atDebug()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("reason", e.getMessage())
          .log("a command that cannot be read is passed over");
      return;
    }
    if (command == null) {
      return;
    }
    if (command.getAction() == AgentAction.KILL) {
      activeRuns.kill(new RunId(command.getRunId()), reason(command));
    }
  }

  private static String reason(AgentCommand command) {
    String reason = command.getReason() == null ? "no reason given" : command.getReason();
    return command.getRequestedBy() == null
        ? reason
        : reason + " (by " + command.getRequestedBy() + ")";
  }

  private void pause() {
    try {
      Thread.sleep(RETRY_INTERVAL);
    } catch (InterruptedException e) {
      stopping = true;
    }
  }
}
