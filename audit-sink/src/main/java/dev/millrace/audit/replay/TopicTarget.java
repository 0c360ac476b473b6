package dev.millrace.audit.replay;

import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.schemas.event.EventContext;
import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.ReplayMark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to topics, with their keys, values and headers as they were, their original
 * identity and time, and the mark of the replay. The record timestamp is that of the writing:
 * Kafka's retention would drop a record again that claims to be old.
 *
 * <p>Each batch is one transaction, which also says how far the replay is: as the offset of a group
 * of its own. Whoever goes on with the replay reads it there, and fences whoever was at it before.
 */
final class TopicTarget implements RecordTarget {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Producer<byte[], byte[]> producer;
  private final @Nullable String otherTopic;
  private final ConsumerGroupMetadata group;
  private final byte[] mark;
  private final Map<String, Integer> partitions = new HashMap<>();

  /**
   * Fences whoever wrote before.
   *
   * @param producer one with a transactional id of this replay; closed with the target, and when
   *     this fails
   * @param otherTopic topic to write to; null for those the records were on
   * @param group the replay's, as {@link ReplayProgressStore} names it
   */
  TopicTarget(
      Producer<byte[], byte[]> producer,
      @Nullable String otherTopic,
      ReplayMark mark,
      ConsumerGroupMetadata group) {
    this.producer = producer;
    this.otherTopic = otherTopic;
    this.group = group;
    this.mark = bytes(mark.header());
    fenceOthers();
  }

  /** A producer that goes on trying in the background would fence the one that comes after it. */
  private void fenceOthers() {
    try {
      producer.initTransactions();
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  @Override
  public void write(List<StoredRecord> records, ReplayProgress progress) {
    if (records.isEmpty()) {
      return;
    }
    try {
      producer.beginTransaction();
      for (StoredRecord stored : records) {
        Future<RecordMetadata> _ = producer.send(again(stored.record()));
      }
      ReplayProgressStore.keep(producer, group, progress);
      producer.commitTransaction();
    } catch (RetriableException e) {
      throw e;
    } catch (KafkaException e) {
      throw e.getCause() instanceof RetriableException later ? later : e;
    }
  }

  private ProducerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(
        otherTopic == null ? record.topic() : otherTopic,
        otherTopic == null ? samePartition(record) : null,
        null,
        record.key(),
        record.value(),
        headers(record));
  }

  /**
   * Records of one owner stand in one partition, whatever their keys: they stay where they were.
   */
  private @Nullable Integer samePartition(ConsumerRecord<byte[], byte[]> record) {
    int present = partitions.computeIfAbsent(record.topic(), this::partitionsOf);
    return record.partition() < present ? record.partition() : null;
  }

  private int partitionsOf(String topic) {
    try {
      return producer.partitionsFor(topic).size();
    } catch (RetriableException e) {
      throw e;
    } catch (KafkaException e) {
      throw new IllegalArgumentException(
          "Kafka cannot write to " + topic + ": " + e.getMessage(), e);
    }
  }

  private Headers headers(ConsumerRecord<byte[], byte[]> record) {
    EventContext context = EventContext.of(record);
    Headers headers = new RecordHeaders(record.headers());
    headers.remove(EventHeaders.REPLAY_ID).add(EventHeaders.REPLAY_ID, mark);
    if (headers.lastHeader(EventHeaders.ID) == null) {
      headers.add(EventHeaders.ID, bytes(context.id().value()));
    }
    if (headers.lastHeader(EventHeaders.TIME) == null) {
      headers.add(EventHeaders.TIME, bytes(context.time().toString()));
    }
    if (headers.lastHeader(EventHeaders.TRACEPARENT) == null) {
      headers.add(EventHeaders.TRACEPARENT, bytes(context.trace().traceparent()));
    }
    return headers;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
