package dev.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  private static DataDirectory data;
  private static EmbeddedPostgres postgres;

  @BeforeAll
  static void start(@TempDir Path folder) {
    data = DataDirectory.open(folder);
    postgres = new EmbeddedPostgres(data, data.ports(Ports.ALL_CHOSEN).postgres());
    postgres.start();
  }

  @AfterAll
  static void stop() {
    postgres.stop();
    data.close();
  }

  @Test
  void vectorsAreStoredAndComparedAndSurviveARestart() throws Exception {
    execute("CREATE TABLE points (at vector)");
    execute("INSERT INTO points VALUES ('[1,2,2]')");

    postgres.stop();
    postgres.start();

    assertThat(queryNumber("SELECT at <-> '[0,0,0]' FROM points")).isEqualTo(3.0);
  }

  @Test
  void aServerThatIsKilledIsStartedAgain() throws Exception {
    execute("CREATE TABLE kept AS SELECT 7 AS number");

    postgres.processes().findFirst().orElseThrow().destroyForcibly();

    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> queryNumber("SELECT number FROM kept") == 7);
  }

  @Test
  void theAnalystCannotWrite() throws Exception {
    execute("CREATE TABLE facts (id int)");
    execute("GRANT ALL ON facts TO millrace_analyst");

    assertThatThrownBy(
            () -> {
              try (Connection connection =
                      connect("millrace_analyst", Credentials.ANALYST_PASSWORD);
                  Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO facts VALUES (1)");
              }
            })
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("read-only");
  }

  @Test
  void theAnalystKeepsNothingAndHoldsNoLocks() throws Exception {
    List<String> refused =
        List.of(
            "SELECT lo_from_bytea(0, 'kept')",
            "SELECT lo_creat(-1)",
            "SELECT lo_put(1, 0, 'kept')",
            "CREATE TEMPORARY TABLE kept (id int)",
            "SELECT pg_advisory_lock(1)",
            "SELECT pg_try_advisory_xact_lock_shared(1, 2)",
            "SELECT pg_advisory_unlock_all()");

    try (Connection connection = connect("millrace_analyst", Credentials.ANALYST_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = off");

      for (String sql : refused) {
        assertThatThrownBy(() -> statement.execute(sql))
            .as(sql)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void theAppsLockAndMayKeepTemporaryTables() throws Exception {
    execute("SELECT pg_advisory_lock(1), pg_try_advisory_xact_lock(2)");
    execute("CREATE TEMPORARY TABLE kept (id int)");

    assertThat(queryNumber("SELECT pg_advisory_unlock(1)::int::float")).isZero();
  }

  @Test
  void aSecondPipelineOnTheSameDataIsRefused() {
    assertThatThrownBy(() -> DataDirectory.open(data.root()))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("already running on " + data.root());
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = connect("millrace", Credentials.DATABASE_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static double queryNumber(String sql) throws SQLException {
    try (Connection connection = connect("millrace", Credentials.DATABASE_PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getDouble(1);
    }
  }

  private static Connection connect(String role, String password) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), role, data.credentials().get(password));
  }
}
