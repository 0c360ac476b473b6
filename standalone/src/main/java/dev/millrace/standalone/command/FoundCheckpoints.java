package dev.millrace.standalone.command;

import dev.millrace.audit.chain.Checkpoints;
import dev.millrace.audit.chain.Finding;
import dev.millrace.schemas.audit.AuditCheckpoint;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.serde.UndecodableException;
import dev.millrace.standalone.embedded.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The checkpoints that stand in the file and on the topic, and what stands there that is none. That
 * somebody wrote such a thing is a finding; it does not keep the others from being verified.
 */
final class FoundCheckpoints {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final List<AuditCheckpoint> checkpoints = new ArrayList<>();
  private final List<Finding> strange = new ArrayList<>();

  List<AuditCheckpoint> checkpoints() {
    return List.copyOf(checkpoints);
  }

  /** What is no checkpoint, by its place. */
  List<Finding> strange() {
    return List.copyOf(strange);
  }

  /** Reads the file, if there is one. */
  void readFile(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      try {
        checkpoints.add(Checkpoints.parse(line));
      } catch (IllegalArgumentException e) {
        strange.add(new Finding("%s, line %d".formatted(file, number), "it is no checkpoint"));
      }
    }
  }

  /** Reads the topic, from its beginning to its end now. */
  void readTopic(Consumer<byte[], byte[]> consumer, Deserializer<AuditCheckpoint> deserializer) {
    String name = Topics.AUDIT_CHECKPOINTS.name();
    List<TopicPartition> partitions =
        consumer.partitionsFor(name).stream()
            .map(info -> new TopicPartition(name, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      if (System.nanoTime() - deadline > 0) {
        throw new StackException(
            "%s could not be read to its end within %d s".formatted(name, TIMEOUT.toSeconds()));
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        add(record, deserializer);
      }
    }
  }

  private void add(
      ConsumerRecord<byte[], byte[]> record, Deserializer<AuditCheckpoint> deserializer) {
    String place = "%s-%d@%d".formatted(record.topic(), record.partition(), record.offset());
    if (record.value() == null) {
      strange.add(new Finding(place, "it is no checkpoint: a tombstone"));
      return;
    }
    try {
      checkpoints.add(deserializer.deserialize(record.topic(), record.headers(), record.value()));
    } catch (UndecodableException e) {
      strange.add(new Finding(place, "it is no checkpoint: " + e.getMessage()));
    }
  }
}
