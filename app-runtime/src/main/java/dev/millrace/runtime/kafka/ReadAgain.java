package dev.millrace.runtime.kafka;

import dev.millrace.schemas.event.EventHeaders;
import dev.millrace.schemas.event.ReplayMark;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks what a group reads again after it was reset, as if a replay had written it: its effects are
 * those that the reset allows, which is none unless they were named.
 *
 * <p>Up to where a partition is read again stands with Kafka, as the offsets of a second group
 * ({@link #groupOf}); their metadata are the mark. They are looked up once in the life of a
 * consumer: a group is only reset while nobody is in it. Until they are known nothing is handed
 * out.
 */
public final class ReadAgain implements ConsumerInterceptor<byte[], byte[]> {

  private static final Logger log = LoggerFactory.getLogger(ReadAgain.class);
  private static final String SUFFIX = "-read-again";
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** What an interrupted consumer, which does not know better, hands out last. */
  private static final ReplayMark NO_EFFECTS = new ReplayMark("unknown", java.util.Set.of());

  /** What of a consumer's settings says how to reach the brokers. */
  private static final List<String> CONNECTION =
      List.of("bootstrap.servers", "security.", "sasl.", "ssl.", "client.dns.lookup");

  private final Map<String, Object> connection = new HashMap<>();
  private String group = "";
  private @Nullable Map<TopicPartition, OffsetAndMetadata> ends;

  /** Name of the group that says up to where another is read again. */
  public static String groupOf(String group) {
    return group + SUFFIX;
  }

  /** Whether a group is one of those. */
  public static boolean isOne(String group) {
    return group.endsWith(SUFFIX);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    group = groupOf(String.valueOf(settings.get(ConsumerConfig.GROUP_ID_CONFIG)));
    settings.forEach((name, value) -> {
      if (value != null && CONNECTION.stream().anyMatch(name::startsWith)) {
        connection.put(name, value);
      }
    });
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (records.isEmpty()) {
      return records;
    }
    Map<TopicPartition, OffsetAndMetadata> known = ends;
    if (known == null) {
      known = lookUp(records);
    }
    return known.isEmpty() ? records : mark(records, known);
  }

  /** Marks records before the end of their partition, unless a replay has marked them already. */
  static ConsumerRecords<byte[], byte[]> mark(
      ConsumerRecords<byte[], byte[]> records, Map<TopicPartition, OffsetAndMetadata> ends) {
    for (TopicPartition partition : records.partitions()) {
      OffsetAndMetadata end = ends.get(partition);
      if (end == null) {
        continue;
      }
      byte[] mark = end.metadata().getBytes(StandardCharsets.UTF_8);
      for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
        if (record.offset() < end.offset()
            && record.headers().lastHeader(EventHeaders.REPLAY_ID) == null) {
          record.headers().add(EventHeaders.REPLAY_ID, mark);
        }
      }
    }
    return records;
  }

  private Map<TopicPartition, OffsetAndMetadata> lookUp(ConsumerRecords<byte[], byte[]> records) {
    try {
      while (true) {
        try (Admin admin = Admin.create(connection)) {
          Map<TopicPartition, OffsetAndMetadata> found = ends(admin);
          ends = found;
          return found;
        } catch (ExecutionException | TimeoutException e) {
          log.atWarn()
              .addKeyValue("group", group)
              .addKeyValue("reason", String.valueOf(e.getMessage()))
              .log("Kafka does not say what is read again; records wait");
          Thread.sleep(RETRY);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
      records
          .partitions()
          .forEach(partition ->
              all.put(partition, new OffsetAndMetadata(Long.MAX_VALUE, NO_EFFECTS.header())));
      return all;
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> ends(Admin admin)
      throws ExecutionException, TimeoutException, InterruptedException {
    try {
      Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
      admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
          .forEach((partition, end) -> {
            if (end != null && !end.metadata().isEmpty()) {
              found.put(partition, end);
            }
          });
      return found;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of();
      }
      throw e;
    }
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
