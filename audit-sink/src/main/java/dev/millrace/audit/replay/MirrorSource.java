package dev.millrace.audit.replay;

import dev.millrace.audit.replay.Position.Span;
import dev.millrace.audit.stored.StoredRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

/**
 * Records from the mirror, however old: those of one partition in their order, the partitions
 * merged by time. Every statement runs in a transaction that only reads; one with a condition that
 * an operator wrote also runs as the role that can only read.
 */
final class MirrorSource implements RecordSource {

  private static final String READ_ONLY =
      "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '10min'";

  private static final String AS_ANALYST = "SET LOCAL ROLE millrace_analyst";

  /** Rows of one partition that are held at once. */
  private static final int PAGE_ROWS = 100;

  private final DataSource dataSource;
  private final Selection selection;
  private final PriorityQueue<Pages> streams =
      new PriorityQueue<>(
          Comparator.<Pages>comparingLong(pages -> pages.head().record().timestamp())
              .thenComparing(pages -> pages.partition, Position.ORDER));
  private @Nullable Position expected;

  MirrorSource(DataSource dataSource, Selection selection) {
    this.dataSource = dataSource;
    this.selection = selection;
  }

  @Override
  public Plan plan() throws SQLException {
    List<Object> parameters = new ArrayList<>();
    String sql =
        """
        SELECT r.topic, r.partition, count(*), min(r."offset"), max(r."offset")
        FROM audit.records r
        WHERE %s
        GROUP BY r.topic, r.partition\
        """
            .formatted(selection.sql(parameters));
    return reading(connection -> {
      long total = 0;
      Map<TopicPartition, Span> spans = new HashMap<>();
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        bind(statement, parameters, 1);
        ResultSet rows = statement.executeQuery();
        while (rows.next()) {
          total += rows.getLong(3);
          spans.put(
              new TopicPartition(rows.getString(1), rows.getInt(2)),
              new Span(rows.getLong(4), rows.getLong(5) + 1));
        }
      }
      return new Plan(total, Position.of(spans), true);
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
      List<Object> parameters = new ArrayList<>();
      String sql =
          """
          SELECT %s
          FROM audit.records r
          WHERE r.topic = ? AND r.partition = ? AND r."offset" >= ? AND r."offset" < ?
            AND %s
          ORDER BY r."offset"
          LIMIT %d\
          """
              .formatted(StoredRecord.COLUMNS, selection.sql(parameters), PAGE_ROWS);
      page.addAll(
          reading(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
              statement.setString(1, partition.topic());
              statement.setInt(2, partition.partition());
              statement.setLong(3, left.from());
              statement.setLong(4, left.end());
              bind(statement, parameters, 5);
              return records(statement.executeQuery());
            }
          }));
      isLast = page.size() < PAGE_ROWS;
      if (!page.isEmpty()) {
        left = new Span(page.getLast().record().offset() + 1, left.end());
      }
    }

    private static List<StoredRecord> records(ResultSet rows) throws SQLException {
      List<StoredRecord> records = new ArrayList<>();
      while (rows.next()) {
        records.add(StoredRecord.of(rows));
      }
      return records;
    }
  }

  private interface Query<R> {
    R on(Connection connection) throws SQLException;
  }

  private <R> R reading(Query<R> query) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(READ_ONLY);
        if (selection.hasSql()) {
          statement.execute(AS_ANALYST);
        }
        return query.on(connection);
      } finally {
        connection.rollback();
      }
    }
  }

  private static void bind(PreparedStatement statement, List<Object> parameters, int first)
      throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      Object value = parameters.get(i);
      if (value instanceof String[] texts) {
        statement.setArray(first + i, statement.getConnection().createArrayOf("text", texts));
      } else {
        statement.setObject(first + i, value);
      }
    }
  }

  @Override
  public void close() {
    streams.clear();
  }
}
