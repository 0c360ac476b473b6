package dev.millrace.benchmarks.latency;

import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.runtime.kafka.KafkaConfig;
import dev.millrace.schemas.agent.AgentEvent;
import dev.millrace.schemas.agent.AgentEventType;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.EventSerdes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Follows {@code agent.events} and remembers when each task's agent started. */
final class AgentStarts implements AutoCloseable {

  private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

  private final KafkaClients kafka;
  private final Map<String, Long> starts = new ConcurrentHashMap<>();
  private final Thread follower;
  private volatile boolean closed;

  private AgentStarts(KafkaClients kafka) {
    this.kafka = kafka;
    this.follower = Thread.ofPlatform().name("agent-starts").unstarted(this::follow);
  }

  static AgentStarts follow(Environment environment) {
    KafkaConfig config = KafkaConfig.from(environment);
    AgentStarts starts =
        new AgentStarts(
            new KafkaClients(
                "bench", config, EventSerdes.of(config.registry()), new SimpleMeterRegistry()));
    starts.follower.start();
    return starts;
  }

  private void follow() {
    String topic = Topics.AGENT_EVENTS.name();
    try (Consumer<byte[], byte[]> consumer = kafka.consumer("starts", null, Map.of());
        Deserializer<AgentEvent> deserializer = kafka.serdes().deserializer(Topics.AGENT_EVENTS)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
          AgentEvent event = deserializer.deserialize(topic, record.headers(), record.value());
          if (event.getType() == AgentEventType.STARTED) {
            starts.putIfAbsent(event.getTaskId(), event.getOccurredAt().toEpochMilli());
          }
        }
      }
    }
  }

  /** The starts known when all of these tasks have started, or the time is up. */
  Map<String, Long> await(Set<String> tasks, Duration timeout) throws InterruptedException {
    Instant deadline = Instant.now().plus(timeout);
    while (!starts.keySet().containsAll(tasks) && Instant.now().isBefore(deadline)) {
      Thread.sleep(POLL_TIMEOUT);
    }
    return Map.copyOf(starts);
  }

  @Override
  public void close() {
    closed = true;
    try {
      follower.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kafka.close();
  }
}
