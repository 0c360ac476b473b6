package dev.millrace.audit.chain;

import dev.millrace.audit.decode.ValueDecoder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the mirror: computes each partition's chain anew, compares each payload with what its
 * bytes say, and the chain with where the sink left it, with the checkpoints and with what archives
 * stand for. Of each partition the first row is named that does not hold; what follows it cannot be
 * told.
 */
public final class ChainVerifier {

  private static final int FETCH_ROWS = 1_000;

  private static final String PARTITIONS =
      "SELECT topic, partition, chain_offset, chain_hash FROM audit.offsets";

  private static final String BEFORE =
      """
      SELECT "offset", hash FROM audit.records
      WHERE topic = ? AND partition = ? AND "offset" < ?
      ORDER BY "offset" DESC LIMIT 1\
      """;

  private static final String ROWS =
      "SELECT "
          + ChainedRow.COLUMNS
          + " FROM audit.records r WHERE r.topic = ? AND r.partition = ?"
          + " AND r.\"offset\" >= ? AND r.\"offset\" <= ? ORDER BY r.\"offset\"";

  private final Connection connection;
  private final Payloads payloads;
  private final CheckpointChain checkpoints;
  private final List<ArchivedRun> archived;
  private final ChainDigest digest = new ChainDigest();

  /**
   * @param connection one that may read the schema audit; used in a transaction that only reads
   * @param decoder decodes values as the sink did
   * @param archived runs of rows that stand in archives instead, of descriptions that hold
   */
  public ChainVerifier(
      Connection connection,
      ValueDecoder decoder,
      CheckpointChain checkpoints,
      List<ArchivedRun> archived) {
    this.connection = connection;
    this.payloads = new Payloads(decoder);
    this.checkpoints = checkpoints;
    this.archived = List.copyOf(archived);
  }

  /**
   * What is verified.
   *
   * @param topics names of topics
   * @param partition one partition of them, or null for all
   * @param from first offset
   * @param to last offset
   */
  public record Range(Predicate<String> topics, @Nullable Integer partition, long from, long to) {

    boolean isWhole() {
      return from == 0 && to == Long.MAX_VALUE;
    }
  }

  /**
   * What was found.
   *
   * @param rows rows that were looked at
   * @param unchained of those, rows from before there were chains
   * @param findings what does not hold, the first of each partition
   */
  public record Report(long rows, long unchained, List<Finding> findings) {}

  private record Partition(TopicPartition place, long end, Optional<String> endHash) {}

  /**
   * Verifies a range, on one snapshot of the database; or in the transaction of the connection, if
   * it is in one, which is rolled back then.
   */
  public Report verify(Range range) throws SQLException {
    boolean ours = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      if (ours) {
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
      }
      long rows = 0;
      long unchained = 0;
      List<Finding> findings = new ArrayList<>(checkpoints.findings());
      for (Partition partition : partitions(range)) {
        ChainWalk walk = walk(partition.place(), range);
        if (range.isWhole()) {
          partition.endHash().ifPresent(hash -> walk.compareEnd(partition.end(), hash));
        }
        rows += walk.rows();
        unchained += walk.unchained();
        walk.finding().ifPresent(findings::add);
      }
      return new Report(rows, unchained, findings);
    } finally {
      connection.rollback();
      connection.setAutoCommit(ours);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<Partition> partitions(Range range) throws SQLException {
    List<Partition> partitions = new ArrayList<>();
    SortedSet<String> known = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(PARTITIONS + " ORDER BY topic, partition")) {
      while (found.next()) {
        TopicPartition place = new TopicPartition(found.getString(1), found.getInt(2));
        byte[] hash = found.getBytes(4);
        known.add(place.toString());
        partitions.add(
            new Partition(
                place, found.getLong(3), Optional.ofNullable(hash).map(HexFormat.of()::formatHex)));
      }
    }
    checkpoints.partitions().stream()
        .filter(place -> !known.contains(place.toString()))
        .forEach(place -> partitions.add(new Partition(place, 0, Optional.empty())));
    return partitions.stream()
        .filter(partition -> range.topics().test(partition.place().topic()))
        .filter(partition ->
            range.partition() == null || partition.place().partition() == range.partition())
        .toList();
  }

  private ChainWalk walk(TopicPartition place, Range range) throws SQLException {
    List<ArchivedRun> runs =
        archived.stream()
            .filter(run -> run.place().equals(place))
            .filter(run -> run.last() >= range.from() && run.first() <= range.to())
            .sorted(Comparator.comparingLong(ArchivedRun::first))
            .toList();
    Iterator<ArchivedRun> waiting = runs.iterator();
    Optional<ArchivedRun> run = next(waiting);
    byte[] before = range.from() > 0 ? before(place, range.from()) : ChainDigest.start();
    ChainWalk walk = new ChainWalk(place, checkpoints.heads(place), payloads, digest, before);
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setString(1, place.topic());
      statement.setInt(2, place.partition());
      statement.setLong(3, range.from());
      statement.setLong(4, range.to());
      try (ResultSet rows = statement.executeQuery()) {
        while (walk.finding().isEmpty() && rows.next()) {
          ChainedRow row = ChainedRow.of(rows);
          for (; run.isPresent() && run.get().first() < row.offset(); run = next(waiting)) {
            walk.over(run.get());
          }
          walk.over(row);
        }
      }
    }
    for (; run.isPresent(); run = next(waiting)) {
      walk.over(run.get());
    }
    walk.reached(range.from(), range.to());
    return walk;
  }

  private static Optional<ArchivedRun> next(Iterator<ArchivedRun> runs) {
    return runs.hasNext() ? Optional.of(runs.next()) : Optional.empty();
  }

  /** Hash of the newest row before an offset, be it in the mirror or in an archive. */
  private byte[] before(TopicPartition place, long offset) throws SQLException {
    Optional<ArchivedRun> run =
        archived.stream()
            .filter(found -> found.place().equals(place) && found.last() < offset)
            .max(Comparator.comparingLong(ArchivedRun::last));
    try (PreparedStatement statement = connection.prepareStatement(BEFORE)) {
      statement.setString(1, place.topic());
      statement.setInt(2, place.partition());
      statement.setLong(3, offset);
      try (ResultSet row = statement.executeQuery()) {
        boolean isStored = row.next();
        if (run.isPresent() && (!isStored || row.getLong(1) < run.get().last())) {
          String hash = run.get().hash();
          return hash == null ? ChainDigest.start() : HexFormat.of().parseHex(hash);
        }
        byte[] hash = isStored ? row.getBytes(2) : null;
        return hash == null ? ChainDigest.start() : hash;
      }
    }
  }
}
