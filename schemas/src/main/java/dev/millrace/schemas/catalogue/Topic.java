package dev.millrace.schemas.catalogue;

import static java.util.Objects.requireNonNull;

import dev.millrace.schemas.deadletter.DeadLetter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic of the catalogue.
 *
 * @param name name on the broker, {@code <domain>.<plural noun>}
 * @param key what the key of its records is, in words
 * @param valueType generated class of its records
 * @param partitions partitions it is created with; topics read together in one stream have the same
 *     number
 * @param cleanup what the broker does with old records
 * @param retention how long it keeps them; without meaning for {@link Cleanup#COMPACT}
 */
public record Topic<T extends SpecificRecord>(
    String name,
    String key,
    Class<T> valueType,
    int partitions,
    Cleanup cleanup,
    Duration retention) {

  /** Largest record that a topic takes, in bytes. */
  public static final int MAX_RECORD_BYTES = 8 << 20;

  public Topic {
    requireNonNull(name, "name");
    requireNonNull(key, "key");
    requireNonNull(valueType, "valueType");
    requireNonNull(cleanup, "cleanup");
    requireNonNull(retention, "retention");
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic " + name + " needs at least 1 partition, not " + partitions);
    }
  }

  /** What the broker does with old records of a topic. */
  public enum Cleanup {
    /** Drops them after the retention. */
    DELETE(TopicConfig.CLEANUP_POLICY_DELETE),
    /** Keeps the newest of each key for good. */
    COMPACT(TopicConfig.CLEANUP_POLICY_COMPACT),
    /** Keeps the newest of each key, for the retention. */
    COMPACT_AND_DELETE(
        TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);

    private final String policy;

    Cleanup(String policy) {
      this.policy = policy;
    }

    /** The value of the broker's {@code cleanup.policy}. */
    public String policy() {
      return policy;
    }
  }

  /** Schema of its records. */
  public Schema schema() {
    return SpecificData.get().getSchema(valueType);
  }

  /** Subject of its schema in the registry. */
  public String subject() {
    return name + "-value";
  }

  /** CloudEvents type of its records, for example {@code dev.millrace.task.requests}. */
  public String eventType() {
    return "dev.millrace." + name;
  }

  /** Settings to create it with on the broker. */
  public Map<String, String> config() {
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecordBytes()));
    if (cleanup != Cleanup.COMPACT) {
      config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    }
    return config;
  }

  /** A dead letter holds a whole record of another topic and what is said about it. */
  private int maxRecordBytes() {
    return valueType == DeadLetter.class ? MAX_RECORD_BYTES + (1 << 20) : MAX_RECORD_BYTES;
  }

  @Override
  public String toString() {
    return name;
  }
}
