package dev.millrace.runtime.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The timestamp of a record; of one that has none, as some clients write it, that of the partition
 * so far, or the time now where the partition has none either. Kafka's own extractors fail on the
 * first such record of a partition, and on it again with every thread that replaces the failed one.
 */
public final class RecordTimestamp implements TimestampExtractor {

  /**
   * {@inheritDoc}
   *
   * @param partitionTime milliseconds since 1970, or negative while it is unknown
   * @return milliseconds since 1970, never negative
   */
  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    if (record.timestamp() >= 0) {
      return record.timestamp();
    }
    return partitionTime >= 0 ? partitionTime : System.currentTimeMillis();
  }
}
