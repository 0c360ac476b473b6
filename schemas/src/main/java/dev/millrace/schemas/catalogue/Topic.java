package dev.millrace.schemas.catalogue;

import static java.util.Objects.requireNonNull;

import dev.millrace.schemas.deadletter.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

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
 * @param owner who has to see a record, if that is not said by its key: records of one owner stand
 *     in one partition, each under its own key. Null for a record without one, and for a topic
 *     whose partitions follow the keys. A record in another partition is found all the same, only
 *     later.
 */
public record Topic<T extends SpecificRecord>(
    String name,
    String key,
    Class<T> valueType,
    int partitions,
    Cleanup cleanup,
    Duration retention,
    @Nullable Function<T, @Nullable String> owner) {

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

  /** A topic whose partitions follow the keys of its records. */
  public Topic(
      String name,
      String key,
      Class<T> valueType,
      int partitions,
      Cleanup cleanup,
      Duration retention) {
    this(name, key, valueType, partitions, cleanup, retention, null);
  }

  /** What the broker does with old records of a topic. */
  public enum Cleanup {
    /** Drops them after the retention. */
    DELETE(TopicConfig.CLEANUP_POLICY_DELETE),
    /** Keeps the newest of each key for good. */
    COMPACT(TopicConfig.CLEANUP_POLICY_COMPACT);

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

  /** Partition of a record, or null to let the producer choose by its key. */
  public @Nullable Integer partitionOf(T value) {
    String ownerOfValue = owner == null ? null : owner.apply(value);
    return ownerOfValue == null ? null : partitionOf(ownerOfValue);
  }

  /** Partition that Kafka's producers choose for a key by default. */
  public int partitionOf(String key) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
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
