package dev.millrace.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {
  private DataDirectory data;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void start(@TempDir Path folder) {
    data = DataDirectory.open(folder);
    postgres = new EmbeddedPostgres(data, data.ports(Ports.ALL_CHOSEN).postgres());
    postgres.start();
  }

  @AfterEach
  void stop() {
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
  void aSecondPipelineOnTheSameDataIsRefused() {
    assertThatThrownBy(() -> DataDirectory.open(data.root()))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("already running on " + data.root());
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = connect("millrace", Credentials.DATABASE_PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private double queryNumber(String sql) throws SQLException {
    try (Connection connection = connect("millrace", Credentials.DATABASE_PASSWORD);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getDouble(1);
    }
  }

  private Connection connect(String role, String password) throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), role, data.credentials().get(password));
  }
}
