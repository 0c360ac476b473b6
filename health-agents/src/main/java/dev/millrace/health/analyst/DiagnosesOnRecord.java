package dev.millrace.health.analyst;

import dev.millrace.runtime.config.Durations;
import dev.millrace.runtime.kafka.KafkaClients;
import dev.millrace.schemas.catalogue.Topic;
import dev.millrace.schemas.catalogue.Topics;
import dev.millrace.schemas.remediation.RemediationAnalysisRequest;
import dev.millrace.schemas.remediation.RemediationDiagnosis;
import dev.millrace.schemas.serde.UndecodableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks a diagnosis up on its topic, which is the journal of the calls. Only what was written since
 * the request is read, which is little, as a request lives for a minute or so.
 */
public final class DiagnosesOnRecord implements AnalysisWork.Answered {

  private static final Logger log = LoggerFactory.getLogger(DiagnosesOnRecord.class);

  /** Clocks may differ by that much. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int MAX_EMPTY_POLLS = 30;
  private static final Topic<RemediationDiagnosis> TOPIC = Topics.REMEDIATION_DIAGNOSES;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Deserializer<RemediationDiagnosis> deserializer;

  /** One reads at a time: the consumers would have the same name. */
  private final ReentrantLock reading = new ReentrantLock();

  public DiagnosesOnRecord(KafkaClients kafka) {
    this(
        () -> kafka.consumer("diagnoses-on-record", null, Map.of()),
        kafka.serdes().deserializer(TOPIC));
  }

  DiagnosesOnRecord(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Deserializer<RemediationDiagnosis> deserializer) {
    this.consumers = consumers;
    this.deserializer = deserializer;
  }

  @Override
  public boolean holds(RemediationAnalysisRequest request) {
    reading.lock();
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      return holds(consumer, request);
    } finally {
      reading.unlock();
    }
  }

  private boolean holds(Consumer<byte[], byte[]> consumer, RemediationAnalysisRequest request) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(TOPIC.name()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long since = Math.max(0, request.getRequestedAt().minus(SLACK).toEpochMilli());
    consumer
        .offsetsForTimes(partitions.stream().collect(Collectors.toMap(one -> one, _ -> since)))
        .forEach((partition, first) ->
            consumer.seek(
                partition,
                first == null ? Objects.requireNonNull(ends.get(partition)) : first.offset()));
    int emptyPolls = 0;
    while (!isRead(consumer, ends)) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : polled) {
        if (answers(record, request)) {
          return true;
        }
      }
      emptyPolls = polled.nextOffsets().isEmpty() ? emptyPolls + 1 : 0;
      if (emptyPolls == MAX_EMPTY_POLLS) {
        throw new TimeoutException(
            "Kafka gave no diagnoses within " + Durations.text(POLL.multipliedBy(MAX_EMPTY_POLLS)));
      }
    }
    return false;
  }

  private static boolean isRead(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Anybody may write to the topic: what cannot be read is nobody's answer. */
  private boolean answers(
      ConsumerRecord<byte[], byte[]> record, RemediationAnalysisRequest request) {
    try {
      RemediationDiagnosis diagnosis =
          deserializer.deserialize(record.topic(), record.headers(), record.value());
      return diagnosis != null && diagnosis.getRequestId().equals(request.getRequestId());
    } catch (UndecodableException e) {
      log.atDebug()
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .addKeyValue("reason", e.getMessage())
          .log("passed over a diagnosis that cannot be read");
      return false;
    }
  }
}
