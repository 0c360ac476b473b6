package dev.millrace.audit.mirror;

import java.sql.SQLException;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Where the mirror is kept. */
interface MirrorStore {

  /**
   * Up to where partitions are mirrored.
   *
   * @param beginnings the partitions asked for, and where each begins on Kafka: where one starts
   *     that was never mirrored
   */
  Map<TopicPartition, Long> positions(Map<TopicPartition, Long> beginnings) throws SQLException;

  /** Moves partitions that still stand at an offset Kafka does not have. */
  void reset(Map<TopicPartition, Reset> resets) throws SQLException;

  /**
   * Writes a batch, all of it or nothing.
   *
   * @throws TakenOverException if another sink mirrors one of its partitions; nothing was written
   * @throws SQLException if it failed; when the connection was lost, it may have been written
   */
  void write(Batch batch) throws SQLException, TakenOverException;
}
