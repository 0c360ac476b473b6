package dev.millrace.audit.mirror;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;

/** What the mirror's consumers set differently from others. */
final class ConsumerSettings {

  /** New topics are found within this time. */
  private static final int METADATA_MAX_AGE_MS = 5_000;

  /** A sink that was killed gives its partitions up after this time. */
  private static final int SESSION_TIMEOUT_MS = 10_000;

  private static final int MAX_PARTITION_FETCH_BYTES = 1 << 20;

  private ConsumerSettings() {}

  static Map<String, Object> of(MirrorLimits limits) {
    return Map.of(
        // An offset that is not there is a finding, never something to skip silently.
        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
        "none",
        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
        METADATA_MAX_AGE_MS,
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        SESSION_TIMEOUT_MS,
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        SESSION_TIMEOUT_MS / 5,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        limits.batchRows(),
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
        limits.batchBytes(),
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        Math.min(limits.batchBytes(), MAX_PARTITION_FETCH_BYTES),
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
  }
}
