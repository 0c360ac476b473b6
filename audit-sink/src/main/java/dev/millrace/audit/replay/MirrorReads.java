package dev.millrace.audit.replay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queries of the mirror, each in a transaction that only reads, which can be cancelled. */
final class MirrorReads {

  private static final Logger log = LoggerFactory.getLogger(MirrorReads.class);

  /** How long one query may take. */
  static final String STATEMENT_TIMEOUT = "10min";

  private static final String READ_ONLY =
      "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = '" + STATEMENT_TIMEOUT + "'";

  private static final String SEARCH_PATH =
      "SET LOCAL search_path = pg_catalog, public, audit, knowledge, pg_temp";

  private final DataSource dataSource;
  private final boolean isOfOperator;
  private volatile @Nullable Statement running;
  private volatile boolean isCancelled;

  /**
   * @param isOfOperator whether a part of the queries is text that an operator wrote
   */
  MirrorReads(DataSource dataSource, boolean isOfOperator) {
    this.dataSource = dataSource;
    this.isOfOperator = isOfOperator;
  }

  /** Reads the row a result stands at. */
  interface Row<R> {
    R of(ResultSet row) throws SQLException;
  }

  /** Gives a statement its parameters. */
  interface Binding {
    void to(PreparedStatement statement) throws SQLException;
  }

  /** Has Postgres parse a query as analysts would have it parsed, without running it. */
  void parse(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement settings = connection.createStatement();
          PreparedStatement statement = connection.prepareStatement(sql)) {
        settings.execute(READ_ONLY);
        settings.execute(SEARCH_PATH);
        Object _ = statement.getMetaData();
      } finally {
        connection.rollback();
      }
    }
  }

  /** The rows of a query. */
  <R> List<R> rows(String sql, Binding binding, Row<R> row) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement settings = connection.createStatement();
          PreparedStatement statement = connection.prepareStatement(sql)) {
        settings.execute(READ_ONLY);
        binding.to(statement);
        return execute(statement, row);
      } finally {
        connection.rollback();
        releaseLocks(connection);
      }
    }
  }

  /** Locks that a condition took would outlive its transaction, with the connection. */
  private void releaseLocks(Connection connection) throws SQLException {
    if (isOfOperator) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SELECT pg_advisory_unlock_all()");
      }
      connection.rollback();
    }
  }

  private <R> List<R> execute(PreparedStatement statement, Row<R> row) throws SQLException {
    running = statement;
    try {
      if (isCancelled) {
        throw new ReadCancelledException();
      }
      List<R> found = new ArrayList<>();
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        found.add(row.of(rows));
      }
      return found;
    } catch (SQLException e) {
      throw isCancelled ? new ReadCancelledException(e) : e;
    } finally {
      running = null;
    }
  }

  /** Ends the query that runs; those to come end before they begin. */
  void cancel() {
    isCancelled = true;
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        log.atDebug().setCause(e).log("a query cannot be cancelled now; it is tried again");
      }
    }
  }
}
