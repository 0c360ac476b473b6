package dev.millrace.worker.run;

import dev.millrace.runtime.app.Component;
import dev.millrace.runtime.kafka.DeadLetters;
import dev.millrace.runtime.kafka.DeadLetters.Failure;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.PublishException;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the commands to runs and kills those that are meant. Every worker reads all commands,
 * because none knows which worker has a run; it begins a while back, because a run may come again
 * here whose command was for a worker that died.
 */
public final class KillListener implements Component {

  private static final Logger log = LoggerFactory.getLogger(KillListener.class);
  private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

  private final KafkaClients kafka;
  private final DeadLetters deadLetters;
  private final ActiveRuns activeRuns;
  private final Duration lookBack;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable Consumer<byte[], byte[]> current;

  /**
   * @param lookBack how old the first commands are that are read
   */
  public KillListener(
      KafkaClients kafka, DeadLetters deadLetters, ActiveRuns activeRuns, Duration lookBack) {
    this.kafka = kafka;
    this.deadLetters = deadLetters;
    this.activeRuns = activeRuns;
    this.lookBack = lookBack;
    this.thread = Thread.ofPlatform().daemon().name(kafka.app() + "-commands").unstarted(this::run);
  }

  @Override
  public void start() {
    thread.start();
  }

  @Override
  public void stop() {
    stopping = true;
    Consumer<byte[], byte[]> reading = current;
    if (reading != null) {
      reading.wakeup();
    }
    try {
      if (!thread.join(STOP_PATIENCE)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Deserializer<AgentCommand> deserializer = kafka.serdes().deserializer(Topics.AGENT_COMMANDS);
    Instant from = Instant.now().minus(lookBack);
    while (!stopping) {
      try (Consumer<byte[], byte[]> consumer = kafka.consumer("commands", null, Map.of())) {
        current = consumer;
        seek(consumer, from);
        while (!stopping) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
            apply(record, deserializer);
          }
        }
      } catch (InterruptException | InterruptedException e) {
        return;
      } catch (WakeupException e) {
        // Only stop() wakes it: the loop ends.
      } catch (KafkaException | PublishException e) {
        log.atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("commands to runs cannot be read; trying again");
        pause();
      }
    }
  }

  private static void seek(Consumer<byte[], byte[]> consumer, Instant from) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.AGENT_COMMANDS.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, from.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> offsets = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = offsets.get(partition);
      if (first == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, first.offset());
      }
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record, Deserializer<AgentCommand> deserializer)
      throws InterruptedException {
    AgentCommand command;
    try {
      command = deserializer.deserialize(record.topic(), record.headers(), record.value());
    } catch (UndecodableException e) {
      deadLetters.bury(record, Failure.of(e), 1);
      return;
    }
    if (command == null) {
      deadLetters.bury(record, Failure.invalid("expected a value, found a tombstone"), 1);
    } else if (command.getAction() == AgentAction.KILL) {
      activeRuns.kill(new RunId(command.getRunId()), reason(command));
    } else {
      log.atWarn()
          .addKeyValue("command", command.getCommandId())
          .log("a command with an action that this version does not know is passed over");
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
