package dev.millrace.runtime.kafka;

import dev.millrace.schemas.event.EventHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where a group that was reset reads its partitions again, and how what it reads again is
 * marked: as if a replay had written it, with the effects that the reset allows.
 *
 * <p>It stands with Kafka, as the offsets of a second group ({@link #groupOf}); their metadata are
 * the mark. A group is only reset while nobody is in it, so that to look once is enough.
 */
public final class ReadAgainMarks {

  /** Of a group that was never reset. */
  public static final ReadAgainMarks NONE = new ReadAgainMarks(Map.of());

  private static final Logger log = LoggerFactory.getLogger(ReadAgainMarks.class);
  private static final String SUFFIX = "-read-again";
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Map<TopicPartition, OffsetAndMetadata> ends;

  ReadAgainMarks(Map<TopicPartition, OffsetAndMetadata> ends) {
    this.ends = Map.copyOf(ends);
  }

  /** Name of the group that says up to where another reads again. */
  public static String groupOf(String group) {
    return group + SUFFIX;
  }

  /** Whether a group is one of those. */
  public static boolean isOne(String group) {
    return group.endsWith(SUFFIX);
  }

  /** Those of a group; waits as long as Kafka does not say. */
  public static ReadAgainMarks of(Admin admin, String group) throws InterruptedException {
    while (true) {
      try {
        return new ReadAgainMarks(ends(admin, groupOf(group)));
      } catch (ExecutionException | TimeoutException e) {
        log.atWarn()
            .addKeyValue("group", group)
            .addKeyValue("reason", reason(e))
            .log("Kafka does not say what is read again; records wait");
        Thread.sleep(RETRY);
      }
    }
  }

  /** A wait that is over says nothing itself. */
  private static String reason(Exception failure) {
    return failure.getMessage() == null
        ? "no answer within %d s".formatted(ANSWER.toSeconds())
        : failure.getMessage();
  }

  private static Map<TopicPartition, OffsetAndMetadata> ends(Admin admin, String group)
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

  /** Marks a record that is read again, unless a replay has marked it already. */
  public void mark(ConsumerRecord<byte[], byte[]> record) {
    OffsetAndMetadata end = ends.get(new TopicPartition(record.topic(), record.partition()));
    if (end != null
        && record.offset() < end.offset()
        && record.headers().lastHeader(EventHeaders.REPLAY_ID) == null) {
      record.headers().add(EventHeaders.REPLAY_ID, end.metadata().getBytes(StandardCharsets.UTF_8));
    }
  }
}
