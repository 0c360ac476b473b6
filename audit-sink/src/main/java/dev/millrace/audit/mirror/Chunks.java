package dev.millrace.audit.mirror;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What one poll returned, cut into pieces that one transaction each can take. */
final class Chunks {

  private Chunks() {}

  /**
   * Cuts records in order; a single record larger than the limit is a piece of its own.
   *
   * @param maxRows records of a piece at most
   * @param maxBytes keys and values of a piece at most
   */
  static List<List<ConsumerRecord<byte[], byte[]>>> of(
      Iterable<ConsumerRecord<byte[], byte[]>> records, int maxRows, long maxBytes) {
    List<List<ConsumerRecord<byte[], byte[]>>> chunks = new ArrayList<>();
    List<ConsumerRecord<byte[], byte[]>> chunk = new ArrayList<>();
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      long size = size(record);
      if (!chunk.isEmpty() && (chunk.size() == maxRows || bytes + size > maxBytes)) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(record);
      bytes += size;
    }
    chunks.add(chunk);
    return chunks;
  }

  private static long size(ConsumerRecord<?, ?> record) {
    return (long) Math.max(0, record.serializedKeySize())
        + Math.max(0, record.serializedValueSize());
  }
}
