package dev.millrace.audit.mirror;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/** Offsets of partitions as the arrays that Postgres' {@code unnest} takes, in one order. */
record PartitionOffsets(List<TopicPartition> partitions, List<Long> offsets) {

  /** One order for all sinks, so that they lock rows in the same order. */
  private static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  static PartitionOffsets of(Map<TopicPartition, Long> offsets) {
    List<TopicPartition> partitions = offsets.keySet().stream().sorted(ORDER).toList();
    return new PartitionOffsets(partitions, partitions.stream().map(offsets::get).toList());
  }

  /** Binds topics, partitions and offsets as the first three parameters. */
  void bind(Connection connection, PreparedStatement statement) throws SQLException {
    bindPartitions(connection, statement);
    statement.setArray(3, connection.createArrayOf("bigint", offsets.toArray(Long[]::new)));
  }

  /** Binds topics and partitions as the first two parameters. */
  void bindPartitions(Connection connection, PreparedStatement statement) throws SQLException {
    statement.setArray(
        1,
        connection.createArrayOf(
            "text", partitions.stream().map(TopicPartition::topic).toArray(String[]::new)));
    statement.setArray(
        2,
        connection.createArrayOf(
            "int", partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new)));
  }

  /**
   * Binds topics, partitions, expected and new offsets as the first four parameters.
   *
   * @return the partitions in the order they were bound
   */
  static <M> List<TopicPartition> bindMoves(
      Connection connection,
      PreparedStatement statement,
      Map<TopicPartition, M> moves,
      Function<M, Long> expected,
      Function<M, Long> next)
      throws SQLException {
    List<TopicPartition> partitions = moves.keySet().stream().sorted(ORDER).toList();
    List<M> ordered = partitions.stream().map(moves::get).toList();
    new PartitionOffsets(partitions, ordered.stream().map(expected).toList())
        .bind(connection, statement);
    statement.setArray(
        4, connection.createArrayOf("bigint", ordered.stream().map(next).toArray(Long[]::new)));
    return partitions;
  }
}
