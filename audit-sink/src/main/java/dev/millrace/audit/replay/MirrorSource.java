package dev.millrace.audit.replay;

import dev.millrace.audit.replay.Position.Span;
import dev.millrace.audit.stored.StoredRecord;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records from the mirror, however old: those of one partition in their order, the partitions
 * merged by time. Every statement runs in a transaction that only reads; one with a condition that
 * an operator wrote also runs within {@code audit.as_analyst}, with the rights of analysts and no
 * way to any others.
 */
final class MirrorSource implements RecordSource {

  private static final Logger log = LoggerFactory.getLogger(MirrorSource.class);

  /** Places that no row of the mirror and no offset of it is of. */
  private static final String UNKNOWN =
      """
      SELECT t.topic FROM unnest(?) AS t (topic)
      WHERE NOT EXISTS (
          SELECT FROM audit.offsets o
          WHERE o.topic = t.topic AND (?::int IS NULL OR o.partition = ?::int))
        AND NOT EXISTS (
          SELECT FROM audit.records r
          WHERE r.topic = t.topic AND (?::int IS NULL OR r.partition = ?::int))\
      """;

  private static final String PLACES =
      "topic text, partition int, total bigint, redacted bigint, first bigint, last bigint";

  /** Rows of one partition that are held at once. */
  private static final int PAGE_ROWS = 100;

  private final MirrorReads reads;
  private final Selection selection;
  private final PriorityQueue<Pages> streams =
      new PriorityQueue<>(
          Comparator.<Pages>comparingLong(pages -> pages.head().record().timestamp())
              .thenComparing(pages -> pages.partition, Position.ORDER));
  private @Nullable Position expected;

  MirrorSource(DataSource dataSource, Selection selection) {
    this.reads = new MirrorReads(dataSource, selection.condition() != null);
    this.selection = selection;
  }

  /** Records of one partition that are replayed, and those that match and were redacted. */
  private record Counts(long total, long redacted) {}

  @Override
  public void requirePossible() throws SQLException {
    selection.requirePossible();
    requireKnown(null);
    if (selection.partition() != null) {
      requireKnown(selection.partition());
    }
    requireOneCondition();
  }

  /** All topics are known, and at least one has the partition. */
  private void requireKnown(@Nullable Integer partition) throws SQLException {
    List<String> unknown =
        reads.rows(
            UNKNOWN,
            statement -> {
              statement.setArray(
                  1, statement.getConnection().createArrayOf("text", selection.topics().toArray()));
              for (int i = 2; i <= 5; i++) {
                statement.setObject(i, partition, Types.INTEGER);
              }
            },
            row -> row.getString(1));
    if (partition == null && !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "topics: the mirror has no topic %s; ./millrace topics lists the topics"
              .formatted(String.join(", ", unknown)));
    }
    if (!unknown.isEmpty() && unknown.size() == selection.topics().size()) {
      throw new IllegalArgumentException(
          "partition: none of the topics has a partition " + partition);
    }
  }

  /**
   * Parses what somebody wrote, without running it. What is an expression without brackets around
   * it opens every bracket that it closes; what is one in brackets is nothing more than that.
   */
  private void requireOneCondition() throws SQLException {
    String condition = selection.condition();
    if (condition == null) {
      return;
    }
    try {
      for (String shape : List.of("%s\n", "(%s\n)")) {
        reads.parse("SELECT FROM audit.records r WHERE " + shape.formatted(condition));
      }
    } catch (SQLException e) {
      if (Refusal.isOfTheStatement(e)) {
        throw new IllegalArgumentException(
            "sql: expected one condition on audit.records, which Postgres says it is not: "
                + Refusal.ofParsing(e),
            e);
      }
      throw e;
    }
  }

  @Override
  public Plan plan() throws SQLException {
    Map<TopicPartition, Span> spans = new HashMap<>();
    long total = 0;
    long redacted = 0;
    for (Counts counts : counts(spans)) {
      total += counts.total();
      redacted += counts.redacted();
    }
    if (redacted > 0) {
      log.atWarn()
          .addKeyValue("records", redacted)
          .log("records match a replay that were redacted in the mirror; topics do not get them");
    }
    return new Plan(total, redacted, Position.of(spans), true);
  }

  private List<Counts> counts(Map<TopicPartition, Span> spans) throws SQLException {
    return select(
        """
        r.topic, r.partition,
        count(*) FILTER (WHERE %s) AS total,
        count(*) FILTER (WHERE r.redacted IS NOT NULL) AS redacted,
        min(r."offset") AS first, max(r."offset") AS last\
        """
            .formatted(selection.writable()),
        PLACES,
        null,
        "GROUP BY r.topic, r.partition",
        row -> {
          spans.put(
              new TopicPartition(row.getString("topic"), row.getInt("partition")),
              new Span(row.getLong("first"), row.getLong("last") + 1));
          return new Counts(row.getLong("total"), row.getLong("redacted"));
        });
  }

  @Override
  public Batch read(Position from, int limit) throws SQLException {
    if (!from.equals(expected)) {
      open(from);
    }
    List<StoredRecord> found = new ArrayList<>();
    Position next = from;
    while (found.size() < limit) {
      Pages earliest = streams.poll();
      if (earliest == null) {
        next = Position.of(Map.of());
        break;
      }
      StoredRecord record = earliest.take();
      found.add(record);
      next = next.after(record);
      if (earliest.hasNext()) {
        streams.add(earliest);
      }
    }
    expected = next;
    return new Batch(found.size(), found, next);
  }

  private void open(Position from) throws SQLException {
    streams.clear();
    for (Map.Entry<TopicPartition, Span> entry : from.spans().entrySet()) {
      Pages pages = new Pages(entry.getKey(), entry.getValue());
      if (pages.hasNext()) {
        streams.add(pages);
      }
    }
  }

  /** One partition's records, a page at a time. */
  private final class Pages {
    private final TopicPartition partition;
    private final Deque<StoredRecord> page = new ArrayDeque<>();
    private Span left;
    private boolean isLast;

    Pages(TopicPartition partition, Span span) {
      this.partition = partition;
      this.left = span;
    }

    StoredRecord head() {
      return page.element();
    }

    boolean hasNext() throws SQLException {
      if (page.isEmpty() && !isLast) {
        fetch();
      }
      return !page.isEmpty();
    }

    StoredRecord take() {
      return page.remove();
    }

    private void fetch() throws SQLException {
      page.addAll(
          select(
              StoredRecord.COLUMNS,
              StoredRecord.TYPES,
              this,
              "ORDER BY r.\"offset\" LIMIT " + PAGE_ROWS,
              StoredRecord::of));
      isLast = page.size() < PAGE_ROWS;
      if (!page.isEmpty()) {
        left = new Span(page.getLast().record().offset() + 1, left.end());
      }
    }

    private String limits(Arguments arguments) {
      return "r.topic = %s AND r.partition = %s::int AND r.\"offset\" >= %s::bigint AND r.\"offset\" < %s::bigint"
          .formatted(
              arguments.add(partition.topic()),
              arguments.add(partition.partition()),
              arguments.add(left.from()),
              arguments.add(left.end()));
    }
  }

  /**
   * Selects of the records that are wanted. All limits stand in a query of their own, so that what
   * somebody wrote chooses among their records and no others.
   *
   * @param types names and types of the columns
   * @param pages what is left of one partition; null for all
   * @param end what comes behind the conditions
   */
  private <R> List<R> select(
      String columns, String types, @Nullable Pages pages, String end, MirrorReads.Row<R> row)
      throws SQLException {
    String condition = selection.condition();
    Arguments arguments = condition == null ? Arguments.ofStatement() : Arguments.ofArray();
    String limits =
        pages == null
            ? selection.limits(arguments)
            : "%s\n AND %s\n AND %s"
                .formatted(
                    pages.limits(arguments), selection.limits(arguments), selection.writable());
    String records = "SELECT * FROM audit.records r\nWHERE " + limits;
    String sql =
        "SELECT %s\nFROM (%s) r\nWHERE (%s\n)\n%s"
            .formatted(columns, records, condition == null ? "true" : condition, end);
    if (condition == null) {
      return reads.rows(sql, statement -> arguments.bind(statement, 1), row);
    }
    return reads.rows(
        "SELECT * FROM audit.as_analyst(?, ?) AS r (" + types + ")",
        statement -> {
          statement.setString(1, sql);
          arguments.bind(statement, 2);
        },
        row);
  }

  @Override
  public void cancel() {
    reads.cancel();
  }

  @Override
  public void close() {
    streams.clear();
  }
}
