package dev.millrace.audit.replay;

import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.replay.Position.Span;
import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.runtime.config.Durations;
import dev.millrace.schemas.replay.ReplayRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Records that Kafka still has; committed ones only. */
final class TopicSource implements RecordSource {

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int MAX_EMPTY_POLLS = 30;

  private final Consumer<byte[], byte[]> consumer;
  private final ReplayRequest request;
  private final Selection selection;
  private final ValueDecoder decoder;
  private @Nullable Position expected;

  /**
   * @param consumer one without a group; closed with the source
   */
  TopicSource(
      Consumer<byte[], byte[]> consumer,
      ReplayRequest request,
      Selection selection,
      ValueDecoder decoder) {
    this.consumer = consumer;
    this.request = request;
    this.selection = selection;
    this.decoder = decoder;
  }

  @Override
  public void requirePossible() {
    selection.requirePossible();
    if (partitions().isEmpty()) {
      throw new IllegalArgumentException(
          "partition: none of the topics has a partition " + request.getPartition());
    }
  }

  @Override
  public Plan plan() {
    List<TopicPartition> partitions = partitions();
    Map<TopicPartition, Long> begins = begins(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Span> spans = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, 0L);
      if (request.getFromOffset() != null) {
        begin = Math.max(begin, request.getFromOffset());
      }
      if (request.getToOffset() != null) {
        end = Math.min(end, request.getToOffset() + 1);
      }
      spans.put(partition, new Span(begin, end));
    }
    Position position = Position.of(spans);
    long total =
        position.spans().values().stream().mapToLong(span -> span.end() - span.from()).sum();
    return new Plan(total, 0, position, false);
  }

  private List<TopicPartition> partitions() {
    if (request.getTopics().isEmpty()) {
      throw new IllegalArgumentException("topics: expected at least one when the source is Kafka");
    }
    Map<String, List<PartitionInfo>> known = consumer.listTopics();
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : request.getTopics()) {
      List<PartitionInfo> infos = known.get(topic);
      if (infos == null) {
        throw new IllegalArgumentException(
            "topics: Kafka has no topic %s; ./millrace topics lists the topics".formatted(topic));
      }
      infos.stream()
          .filter(
              info -> request.getPartition() == null || info.partition() == request.getPartition())
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    return partitions;
  }

  /** With a time, the first offset that is not older; a partition without one has nothing. */
  private Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
    if (request.getFromTime() == null) {
      return consumer.beginningOffsets(partitions);
    }
    long time = request.getFromTime().toEpochMilli();
    Map<TopicPartition, OffsetAndTimestamp> found =
        consumer.offsetsForTimes(
            partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> time)));
    Map<TopicPartition, Long> begins = new HashMap<>();
    partitions.forEach(partition -> {
      OffsetAndTimestamp first = found.get(partition);
      begins.put(partition, first == null ? Long.MAX_VALUE : first.offset());
    });
    return begins;
  }

  @Override
  public Batch read(Position from, int limit) {
    if (!from.equals(expected)) {
      consumer.assign(from.spans().keySet());
      from.spans().forEach((partition, span) -> consumer.seek(partition, span.from()));
    }
    ConsumerRecords<byte[], byte[]> polled = poll();
    Position next = from;
    long seen = 0;
    List<StoredRecord> found = new ArrayList<>();
    for (TopicPartition partition : polled.nextOffsets().keySet()) {
      Span span = from.spans().get(partition);
      if (span == null) {
        continue;
      }
      polled.records(partition).stream()
          .filter(record -> record.offset() < span.end() && selection.matches(record))
          .forEach(record -> found.add(stored(record)));
      long reached = Math.min(span.end(), polled.nextOffsets().get(partition).offset());
      seen += reached - span.from();
      next = next.with(partition, new Span(reached, span.end()));
    }
    if (!next.spans().keySet().equals(from.spans().keySet())) {
      consumer.assign(next.spans().keySet());
    }
    expected = next;
    return new Batch(seen, found, next);
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    for (int i = 0; i < MAX_EMPTY_POLLS; i++) {
      ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
      if (!polled.nextOffsets().isEmpty()) {
        return polled;
      }
    }
    throw new TimeoutException(
        "Kafka gave no records within " + Durations.text(POLL.multipliedBy(MAX_EMPTY_POLLS)));
  }

  private StoredRecord stored(ConsumerRecord<byte[], byte[]> record) {
    byte[] json = decoder.decode(record.topic(), record.value()).json();
    String payload = json == null ? null : new String(json, StandardCharsets.UTF_8);
    return new StoredRecord(record, payload, null);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
