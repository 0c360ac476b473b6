package dev.millrace.audit.mirror;

import static java.util.Map.entry;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/** What the mirror's consumers set differently from others. */
final class ConsumerSettings {

  /** New topics are found within this time. */
  private static final int METADATA_MAX_AGE_MS = 5_000;

  /**
   * A fetch waits for this much, or for {@link #FETCH_MAX_WAIT_MS}: the mirror reads every topic,
   * and a fetch for each small record would keep the broker from those who do the work.
   */
  private static final int FETCH_MIN_BYTES = 64 << 10;

  /** What a lone record waits before it is in the mirror, at most. */
  private static final int FETCH_MAX_WAIT_MS = 50;

  private static final int MAX_PARTITION_FETCH_BYTES = 1 << 20;

  private ConsumerSettings() {}

  static Map<String, Object> of(MirrorLimits limits) {
    return Map.ofEntries(
        // An offset that is not there is a finding, never something to skip silently.
        entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none"),
        entry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MAX_AGE_MS),
        entry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, limits.batchRows()),
        entry(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES),
        entry(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MS),
        entry(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, limits.batchBytes()),
        entry(
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            Math.min(limits.batchBytes(), MAX_PARTITION_FETCH_BYTES)),
        entry(
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CooperativeStickyAssignor.class.getName()));
  }
}
