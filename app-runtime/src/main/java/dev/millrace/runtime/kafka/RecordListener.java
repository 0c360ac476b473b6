package dev.millrace.runtime.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a tail hands its records to, one after the other, on its own thread. */
@FunctionalInterface
public interface RecordListener {

  /**
   * Takes a record.
   *
   * @throws dev.millrace.schemas.serde.UndecodableException if it cannot be read: the tail passes
   *     over it
   * @throws dev.millrace.schemas.serde.RegistryUnavailableException if it cannot be read now: the
   *     tail hands it over again
   */
  void accept(ConsumerRecord<byte[], byte[]> record);
}
