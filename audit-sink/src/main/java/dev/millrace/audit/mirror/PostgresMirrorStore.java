package dev.millrace.audit.mirror;

import dev.millrace.audit.copy.CopyBuffer;
import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.partition.DailyPartitions;
import dev.millrace.audit.readmodel.ReadModels;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The mirror in Postgres: offsets, rows and read models in one transaction. The offsets come first:
 * moving them locks the partitions' rows, so that of two sinks that believe to own a partition the
 * second finds it moved. Not for use by several threads at once.
 */
final class PostgresMirrorStore implements MirrorStore {

  private static final String COPY =
      "COPY audit.records (" + MirrorRow.COLUMNS + ") FROM STDIN (FORMAT binary)";

  private static final String ADD_PARTITIONS =
      """
      INSERT INTO audit.offsets (topic, partition, next_offset)
      SELECT * FROM unnest(?::text[], ?::int[], ?::bigint[])
      ON CONFLICT (topic, partition) DO NOTHING\
      """;

  private static final String POSITIONS =
      """
      SELECT o.topic, o.partition, o.next_offset, o.chain_offset, o.chain_hash
      FROM audit.offsets o
      JOIN unnest(?::text[], ?::int[]) AS wanted (topic, partition) USING (topic, partition)\
      """;

  private static final String MOVE =
      """
      UPDATE audit.offsets o
      SET next_offset = a.next_offset, updated_at = now()
      FROM unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[])
        AS a (topic, partition, expected, next_offset)
      WHERE o.topic = a.topic AND o.partition = a.partition AND o.next_offset = a.expected\
      """;

  private static final String MOVE_CHAINS =
      """
      UPDATE audit.offsets o
      SET next_offset = a.next_offset, updated_at = now(),
          chain_offset = coalesce(a.chain_offset, o.chain_offset),
          chain_hash = coalesce(a.chain_hash, o.chain_hash)
      FROM unnest(?::text[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[])
        AS a (topic, partition, expected, next_offset, chain_offset, chain_hash)
      WHERE o.topic = a.topic AND o.partition = a.partition AND o.next_offset = a.expected\
      """;

  /** Memory that is kept between batches, in batches of the configured size. */
  private static final int KEPT_BATCHES = 4;

  /** A server that answers nothing for this long is taken for gone. */
  private static final int WRITE_TIMEOUT_MS = 60_000;

  private static final int INITIAL_BYTES = 1 << 18;

  private final DataSource dataSource;
  private final DailyPartitions partitions;
  private final CopyBuffer buffer;
  private final Chains chains = new Chains();

  PostgresMirrorStore(DataSource dataSource, DailyPartitions partitions, int batchBytes) {
    this.dataSource = dataSource;
    this.partitions = partitions;
    this.buffer = new CopyBuffer(INITIAL_BYTES, KEPT_BATCHES * batchBytes);
  }

  @Override
  public Map<TopicPartition, Long> positions(Map<TopicPartition, Long> beginnings)
      throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(true);
      PartitionOffsets offsets = PartitionOffsets.of(beginnings);
      try (PreparedStatement add = connection.prepareStatement(ADD_PARTITIONS)) {
        offsets.bind(connection, add);
        add.executeUpdate();
      }
      try (PreparedStatement read = connection.prepareStatement(POSITIONS)) {
        offsets.bindPartitions(connection, read);
        return positions(read);
      }
    }
  }

  private Map<TopicPartition, Long> positions(PreparedStatement read) throws SQLException {
    Map<TopicPartition, Long> positions = new HashMap<>();
    try (ResultSet rows = read.executeQuery()) {
      while (rows.next()) {
        TopicPartition partition = new TopicPartition(rows.getString(1), rows.getInt(2));
        positions.put(partition, rows.getLong(3));
        chains.place(partition, rows.getLong(4), rows.getBytes(5));
      }
    }
    return positions;
  }

  @Override
  public void reset(Map<TopicPartition, Reset> resets) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement move = connection.prepareStatement(MOVE)) {
      connection.setAutoCommit(true);
      PartitionOffsets.bindMoves(connection, move, resets, Reset::expected, Reset::beginning);
      move.executeUpdate();
    }
  }

  @Override
  public void write(Batch batch) throws SQLException, TakenOverException {
    try {
      ReadModels readModels = new ReadModels();
      for (MirrorRow row : batch.rows()) {
        partitions.ensure(row.timestamp());
        row.encode(buffer, chains.append(row));
        readModels.add(row);
      }
      inTransaction(batch.advances(), readModels);
      chains.keep();
    } finally {
      chains.forget();
      buffer.clear();
    }
  }

  private void inTransaction(Map<TopicPartition, Advance> advances, ReadModels readModels)
      throws SQLException, TakenOverException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, WRITE_TIMEOUT_MS);
      connection.setAutoCommit(false);
      try {
        advance(connection, advances);
        copy(connection);
        readModels.write(connection);
        connection.commit();
      } catch (SQLException | TakenOverException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private void advance(Connection connection, Map<TopicPartition, Advance> advances)
      throws SQLException, TakenOverException {
    try (PreparedStatement update = connection.prepareStatement(MOVE_CHAINS)) {
      List<TopicPartition> order =
          PartitionOffsets.bindMoves(
              connection, update, advances, Advance::expected, Advance::next);
      chains.bind(connection, update, order);
      int found = update.executeUpdate();
      if (found != advances.size()) {
        throw new TakenOverException(advances.size(), found);
      }
    }
  }

  private void copy(Connection connection) throws SQLException {
    if (buffer.rows() == 0) {
      return;
    }
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    try {
      buffer.writeTo(copy);
      copy.endCopy();
    } catch (SQLException e) {
      cancel(copy, e);
      throw e;
    }
  }

  private static void cancel(CopyIn copy, SQLException cause) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
