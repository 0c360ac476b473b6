package dev.millrace.worker.journal;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalDatabaseTest {

  @ParameterizedTest
  @ValueSource(strings = {"08006", "53300", "57P01", "40P01", "40001"})
  void whatPassesIsWaitedFor(String state) {
    assertThatExceptionOfType(JournalUnavailableException.class)
        .isThrownBy(() -> reach(state))
        .withMessage("Postgres: made up");
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "42703", "23505"})
  void aStatementThatIsRefusedFailsAtOnce(String state) {
    assertThatExceptionOfType(JdbiException.class).isThrownBy(() -> reach(state));
  }

  private static void reach(String state) {
    JournalDatabase.call(() -> {
      throw new TransactionException(new SQLException("made up", state));
    });
  }
}
