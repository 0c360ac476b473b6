package dev.millrace.runtime.kafka;

import dev.millrace.schemas.event.ReplayMark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Marks what a consumer reads again after its group was reset, by {@link ReadAgainMarks}. They are
 * looked up once in its life; until they are known nothing is handed out.
 */
public final class ReadAgain implements ConsumerInterceptor<byte[], byte[]> {

  /** What an interrupted consumer, which does not know better, hands out last. */
  private static final ReplayMark NO_EFFECTS = new ReplayMark("unknown", Set.of());

  /** What of a consumer's settings says how to reach the brokers. */
  private static final List<String> CONNECTION =
      List.of("bootstrap.servers", "security.", "sasl.", "ssl.", "client.dns.lookup");

  private final Map<String, Object> connection = new HashMap<>();
  private String group = "";
  private @Nullable ReadAgainMarks marks;

  @Override
  public void configure(Map<String, ?> settings) {
    group = String.valueOf(settings.get(ConsumerConfig.GROUP_ID_CONFIG));
    settings.forEach((name, value) -> {
      if (value != null && CONNECTION.stream().anyMatch(name::startsWith)) {
        connection.put(name, value);
      }
    });
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    if (!records.isEmpty()) {
      records.forEach(marks(records)::mark);
    }
    return records;
  }

  private ReadAgainMarks marks(ConsumerRecords<byte[], byte[]> records) {
    ReadAgainMarks known = marks;
    if (known != null) {
      return known;
    }
    try (Admin admin = Admin.create(connection)) {
      ReadAgainMarks found = ReadAgainMarks.of(admin, group);
      marks = found;
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
      records
          .partitions()
          .forEach(partition ->
              all.put(partition, new OffsetAndMetadata(Long.MAX_VALUE, NO_EFFECTS.header())));
      return new ReadAgainMarks(all);
    }
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
