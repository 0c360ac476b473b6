package dev.millrace.audit.mirror;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Meters of one consumer of the mirror. */
final class MirrorMetrics {

  private final MeterRegistry meters;
  private final Timer batch;
  private final Counter skipped;
  private final MultiGauge lag;
  private final Tags consumer;
  private final Map<String, Counter> rows = new HashMap<>();

  MirrorMetrics(MeterRegistry meters, int consumer) {
    this.meters = meters;
    this.consumer = Tags.of("consumer", Integer.toString(consumer));
    this.batch =
        Timer.builder("millrace.audit.batch")
            .description("Decoding and writing one batch")
            .tags(this.consumer)
            .publishPercentiles(0.5, 0.99)
            .register(meters);
    this.skipped =
        Counter.builder("millrace.audit.offsets.lost")
            .description("Offsets that Kafka dropped before they were mirrored")
            .tags(this.consumer)
            .register(meters);
    this.lag =
        MultiGauge.builder("millrace.audit.lag")
            .description("Records of a topic that are not mirrored yet")
            .tags(this.consumer)
            .register(meters);
  }

  void written(Iterable<ConsumerRecord<byte[], byte[]>> records, Duration duration) {
    batch.record(duration);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      rows.computeIfAbsent(record.topic(), this::counter).increment();
    }
  }

  void lost(long offsets) {
    skipped.increment((double) offsets);
  }

  void lag(Map<String, Long> lagByTopic) {
    lag.register(
        lagByTopic.entrySet().stream()
            .<MultiGauge.Row<?>>map(
                entry -> MultiGauge.Row.of(Tags.of("topic", entry.getKey()), entry.getValue()))
            .toList(),
        true);
  }

  private Counter counter(String topic) {
    return Counter.builder("millrace.audit.rows")
        .description("Rows written to the mirror")
        .tags(consumer.and("topic", topic))
        .register(meters);
  }
}
