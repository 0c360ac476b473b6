package dev.millrace.runtime.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresOutageTest {

  @ParameterizedTest
  @ValueSource(strings = {"08001", "08006", "53300", "57P01", "57P03", "57014"})
  void whatPassesIsAnOutage(String state) {
    assertThat(PostgresOutage.isCauseOf(failure(state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42703", "23505", "22021", "40001", "5", ""})
  void aStatementThatIsRefusedIsNone(String state) {
    assertThat(PostgresOutage.isCauseOf(failure(state))).isFalse();
  }

  @Test
  void transactionsInEachOthersWayPassToo() {
    assertThat(PostgresOutage.isPassing(failure("40P01"))).isTrue();
    assertThat(PostgresOutage.isPassing(failure("08006"))).isTrue();
    assertThat(PostgresOutage.isPassing(failure("23505"))).isFalse();
  }

  @Test
  void aPoolWithoutAConnectionIsAnOutage() {
    assertThat(
            PostgresOutage.isCauseOf(
                new ConnectionException(new SQLTransientConnectionException("no connection"))))
        .isTrue();
  }

  @Test
  void aFailureOfAnotherKindIsNone() {
    assertThat(PostgresOutage.isCauseOf(new IllegalStateException("a defect"))).isFalse();
  }

  private static Throwable failure(String state) {
    return new TransactionException("made up", new SQLException("made up", state));
  }
}
