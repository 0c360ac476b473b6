package dev.millrace.audit.rebuild;

import dev.millrace.audit.copy.MirrorRow;
import dev.millrace.audit.decode.ValueDecoder;
import dev.millrace.audit.readmodel.ReadModels;
import dev.millrace.audit.stored.StoredRecord;
import dev.millrace.schemas.catalogue.Topics;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Derives the read models anew. They are built beside the old ones, in a schema of their own, up to
 * where the mirror is. Then, in one transaction that holds the sinks up by the table they write
 * first, what came meanwhile is added and the rows are exchanged: readers see the old rows or the
 * new ones, and the sinks go on where they waited.
 */
public final class ReadModelRebuild {

  private static final String SCHEMA = "audit_rebuild";
  private static final int PAGE_ROWS = 1_000;

  private static final String PAGE =
      "SELECT "
          + StoredRecord.COLUMNS
          + " FROM audit.records r WHERE r.topic = ? AND r.partition = ? AND r.\"offset\" >= ?"
          + " ORDER BY r.\"offset\" LIMIT "
          + PAGE_ROWS;

  private static final String IDENTITY_COLUMNS =
      """
      SELECT attname FROM pg_attribute
      WHERE attrelid = ?::regclass AND attidentity <> '' AND NOT attisdropped\
      """;

  private final Connection connection;
  private final ValueDecoder decoder;
  private final Consumer<String> progress;
  private final Map<TopicPartition, Long> next = new LinkedHashMap<>();
  private long rows;
  private long refused;

  /**
   * @param connection of the owner of the tables; not used by anybody else, and left with settings
   *     of its own
   * @param schemas finds a schema by its id
   * @param progress told in a sentence what takes its time
   */
  public ReadModelRebuild(
      Connection connection, IntFunction<Schema> schemas, Consumer<String> progress) {
    this.connection = connection;
    this.decoder = new ValueDecoder(schemas, ReadModels::isFor);
    this.progress = progress;
  }

  /**
   * What was done.
   *
   * @param rows rows of the mirror that were read
   * @param refused those that Postgres did not take into the read models
   */
  public record Result(long rows, long refused) {}

  /** Rebuilds all read models. */
  public Result run() throws SQLException {
    boolean commits = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      prepare();
      addAll();
      connection.commit();
      exchange();
      return new Result(rows, refused);
    } finally {
      connection.rollback();
      execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
      connection.commit();
      connection.setAutoCommit(commits);
    }
  }

  private void prepare() throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + SCHEMA + " CASCADE");
    execute("CREATE SCHEMA " + SCHEMA);
    for (String table : ReadModels.TABLES) {
      execute("CREATE TABLE %s.%s (LIKE public.%s INCLUDING ALL)".formatted(SCHEMA, table, table));
    }
    execute("SET search_path = " + SCHEMA);
    connection.commit();
  }

  /** Adds what the mirror has and the new tables have not, partition by partition. */
  private void addAll() throws SQLException {
    for (TopicPartition partition : partitions()) {
      long from = next.getOrDefault(partition, 0L);
      List<MirrorRow> page = page(partition, from);
      while (!page.isEmpty()) {
        write(page);
        rows += page.size();
        from = page.getLast().record().offset() + 1;
        next.put(partition, from);
        page = page(partition, from);
      }
    }
    progress.accept(rows + " rows read");
  }

  private List<TopicPartition> partitions() throws SQLException {
    List<TopicPartition> partitions = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT topic, partition FROM audit.offsets ORDER BY topic, partition")) {
      while (found.next()) {
        if (Topics.find(found.getString(1)).filter(ReadModels::isFor).isPresent()) {
          partitions.add(new TopicPartition(found.getString(1), found.getInt(2)));
        }
      }
    }
    return partitions;
  }

  private List<MirrorRow> page(TopicPartition partition, long from) throws SQLException {
    List<MirrorRow> page = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setString(1, partition.topic());
      statement.setInt(2, partition.partition());
      statement.setLong(3, from);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          StoredRecord stored = StoredRecord.of(found);
          ConsumerRecord<byte[], byte[]> record = stored.record();
          page.add(
              MirrorRow.of(
                  record, decoder.decode(record.topic(), record.value()), stored.redacted()));
        }
      }
    }
    return page;
  }

  /** A row that Postgres refuses was kept without the read models then, and is again. */
  private void write(List<MirrorRow> page) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      ReadModels models = new ReadModels();
      page.forEach(models::add);
      models.write(connection);
      connection.releaseSavepoint(before);
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      connection.rollback(before);
      if (page.size() == 1) {
        refused++;
        return;
      }
      write(page.subList(0, page.size() / 2));
      write(page.subList(page.size() / 2, page.size()));
    }
  }

  private void exchange() throws SQLException {
    progress.accept("exchanging the tables; the sinks wait");
    execute("LOCK TABLE audit.offsets IN EXCLUSIVE MODE");
    addAll();
    for (String table : ReadModels.TABLES) {
      execute("DELETE FROM public." + table);
      execute(
          "INSERT INTO public.%s OVERRIDING SYSTEM VALUE SELECT * FROM %s.%s"
              .formatted(table, SCHEMA, table));
      for (String column : identityColumns(table)) {
        execute(
            """
            SELECT setval(pg_get_serial_sequence('public.%s', '%s'),
                          greatest((SELECT max(%s) FROM public.%s), 1))\
            """
                .formatted(table, column, column, table));
      }
    }
    connection.commit();
  }

  private List<String> identityColumns(String table) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(IDENTITY_COLUMNS)) {
      statement.setString(1, "public." + table);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          columns.add(found.getString(1));
        }
      }
    }
    return columns;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
