package dev.millrace.audit.chain;

import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.stored.StoredRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the mirror: computes each partition's chain anew, compares each payload with what its
 * bytes say, and the chain with where the sink left it and with the checkpoints. Of each partition
 * the first row is named that does not hold; what follows it cannot be told.
 */
public final class ChainVerifier {

  private static final int FETCH_ROWS = 1_000;

  private static final String PARTITIONS =
      "SELECT topic, partition, chain_offset, chain_hash FROM audit.offsets";

  private static final String BEFORE =
      """
      SELECT hash FROM audit.records
      WHERE topic = ? AND partition = ? AND "offset" < ?
      ORDER BY "offset" DESC LIMIT 1\
      """;

  private static final String ROWS =
      "SELECT "
          + StoredRecord.COLUMNS
          + ", r.event_id, r.event_type, r.source, r.subject, r.trace_id, r.schema_id, r.error, r.redacted,"
          + " r.hash FROM audit.records r WHERE r.topic = ? AND r.partition = ?"
          + " AND r.\"offset\" >= ? AND r.\"offset\" <= ? ORDER BY r.\"offset\"";

  private final Connection connection;
  private final Payloads payloads;
  private final CheckpointChain checkpoints;
  private final ChainDigest digest = new ChainDigest();

  /**
   * @param connection one that may read the schema audit; used in a transaction that only reads
   * @param decoder decodes values as the sink did
   */
  public ChainVerifier(Connection connection, ValueDecoder decoder, CheckpointChain checkpoints) {
    this.connection = connection;
    this.payloads = new Payloads(decoder);
    this.checkpoints = checkpoints;
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
        Walk walk = new Walk(partition.place());
        walk.along(range);
        if (range.isWhole()) {
          walk.compareEnd(partition);
        }
        rows += walk.rows;
        unchained += walk.unchained;
        Optional.ofNullable(walk.finding).ifPresent(findings::add);
      }
      return new Report(rows, unchained, findings);
    } finally {
      connection.rollback();
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

  /** The way along one partition. */
  private final class Walk {
    private final TopicPartition place;
    private final NavigableMap<Long, String> heads;
    private byte[] previous = ChainDigest.start();
    private long last = -1;
    private long rows;
    private long unchained;
    private @Nullable Finding finding;

    Walk(TopicPartition place) {
      this.place = place;
      this.heads = checkpoints.heads(place);
    }

    void along(Range range) throws SQLException {
      if (range.from() > 0) {
        previous = before(range.from());
      }
      try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
        statement.setFetchSize(FETCH_ROWS);
        statement.setString(1, place.topic());
        statement.setInt(2, place.partition());
        statement.setLong(3, range.from());
        statement.setLong(4, range.to());
        try (ResultSet row = statement.executeQuery()) {
          while (finding == null && row.next()) {
            check(row);
          }
        }
      }
      Map<Long, String> left =
          heads.subMap(Math.max(last + 1, range.from()), true, range.to(), true);
      if (finding == null && !left.isEmpty()) {
        missing(left.keySet().iterator().next(), "a checkpoint names");
      }
    }

    private byte[] before(long offset) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(BEFORE)) {
        statement.setString(1, place.topic());
        statement.setInt(2, place.partition());
        statement.setLong(3, offset);
        try (ResultSet row = statement.executeQuery()) {
          byte[] hash = row.next() ? row.getBytes(1) : null;
          return hash == null ? ChainDigest.start() : hash;
        }
      }
    }

    private void check(ResultSet row) throws SQLException {
      StoredRecord stored = StoredRecord.of(row);
      long offset = stored.record().offset();
      byte[] hash = row.getBytes("hash");
      rows++;
      Long skipped = heads.higherKey(last);
      if (skipped != null && skipped < offset && last >= 0) {
        missing(skipped, "a checkpoint names");
        return;
      }
      boolean isStart = Arrays.equals(previous, ChainDigest.start());
      if (hash == null && isStart && !heads.containsKey(offset)) {
        unchained++;
        last = offset;
        return;
      }
      byte[] computed = digest.next(previous, link(stored, row));
      if (!Arrays.equals(computed, hash)) {
        wrong(offset, "its hash does not hold: it was changed, or a row before it is missing");
        return;
      }
      String named = heads.get(offset);
      if (named != null && !named.equals(HexFormat.of().formatHex(computed))) {
        wrong(offset, "a checkpoint has another hash for it: the chain was written anew");
        return;
      }
      payloads.compare(stored, row.getString("error")).ifPresent(what -> wrong(offset, what));
      previous = computed;
      last = offset;
    }

    void compareEnd(Partition partition) {
      if (finding != null || partition.endHash().isEmpty()) {
        return;
      }
      if (last < partition.end()) {
        missing(partition.end(), "the sink wrote");
      } else if (!partition.endHash().get().equals(HexFormat.of().formatHex(previous))) {
        wrong(last, "it is not the row the sink wrote last");
      }
    }

    private void missing(long offset, String who) {
      wrong(offset, "it is missing: " + who + " it");
    }

    private void wrong(long offset, String what) {
      finding = new Finding(place + "@" + offset, what);
    }
  }

  private static ChainDigest.Link link(StoredRecord stored, ResultSet row) throws SQLException {
    return new ChainDigest.Link(
        stored.record(),
        row.getObject("timestamp", OffsetDateTime.class).toInstant().toEpochMilli(),
        stored.record().headers(),
        row.getString("event_id"),
        row.getString("event_type"),
        row.getString("source"),
        row.getString("subject"),
        row.getString("trace_id"),
        row.getObject("schema_id", Integer.class),
        row.getString("error"),
        row.getString("redacted"));
  }
}
