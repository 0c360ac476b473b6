package dev.millrace.audit.mirror;

import dev.millrace.audit.chain.ChainDigest;
import dev.millrace.audit.copy.MirrorRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The ends of the hash chains of the partitions that one sink mirrors. What a batch appends counts
 * only once it is committed; the ends are read again with the offsets whenever a partition is
 * placed.
 */
final class Chains {

  private static final int CHAIN_OFFSET = 5;
  private static final int CHAIN_HASH = 6;

  /** The newest row of a chain. */
  private static final class End {
    private final long offset;
    private final byte[] hash;

    End(long offset, byte[] hash) {
      this.offset = offset;
      this.hash = hash;
    }
  }

  private final ChainDigest digest = new ChainDigest();
  private final Map<TopicPartition, End> stored = new HashMap<>();
  private final Map<TopicPartition, End> appended = new HashMap<>();

  /** A partition's chain ends here, as the mirror has stored it. */
  void place(TopicPartition partition, long offset, byte @Nullable [] hash) {
    stored.put(partition, new End(offset, hash == null ? ChainDigest.start() : hash));
  }

  /** Appends a row; returns its hash. */
  byte[] append(MirrorRow row) {
    TopicPartition partition = new TopicPartition(row.record().topic(), row.record().partition());
    End end = appended.getOrDefault(partition, stored.get(partition));
    if (end == null) {
      throw new IllegalStateException(partition + " has rows and no place in its chain");
    }
    byte[] hash = digest.next(end.hash, row.link());
    appended.put(partition, new End(row.record().offset(), hash));
    return hash;
  }

  /** Binds the ends after the batch as the last two parameters; null where nothing was appended. */
  void bind(Connection connection, PreparedStatement statement, List<TopicPartition> order)
      throws SQLException {
    @Nullable Long[] offsets = new @Nullable Long[order.size()];
    byte @Nullable [][] hashes = new byte @Nullable [order.size()][];
    for (int i = 0; i < offsets.length; i++) {
      End end = appended.get(order.get(i));
      offsets[i] = end == null ? null : end.offset;
      hashes[i] = end == null ? null : end.hash;
    }
    statement.setArray(CHAIN_OFFSET, connection.createArrayOf("bigint", offsets));
    statement.setArray(CHAIN_HASH, connection.createArrayOf("bytea", hashes));
  }

  /** What was appended is committed. */
  void keep() {
    stored.putAll(appended);
  }

  /** What was appended and not kept never was. */
  void forget() {
    appended.clear();
  }
}
