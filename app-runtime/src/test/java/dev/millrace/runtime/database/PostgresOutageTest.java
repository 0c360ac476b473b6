package dev.millrace.runtime.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresOutageTest {

  @ParameterizedTest
  @ValueSource(strings = {"08001", "08006", "53300", "57P01", "57P03", "57014", "40P01", "40001"})
  void whatIsAwayOrInTheWayPasses(String state) {
    assertThat(PostgresOutage.isPassing(failure(state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42703", "23505", "22021", "5", ""})
  void aStatementThatIsRefusedDoesNot(String state) {
    assertThat(PostgresOutage.isPassing(failure(state))).isFalse();
  }

  @Test
  void whatPassesIsWaitedOut() throws InterruptedException {
    Deque<String> states = new ArrayDeque<>(List.of("08006", "40P01"));
    List<String> told = new ArrayList<>();

    String done =
        PostgresOutage.waitedOut(
            Duration.ofMillis(1),
            told::add,
            () -> {
              if (!states.isEmpty()) {
                throw failure(states.pop());
              }
              return "done";
            });

    assertThat(done).isEqualTo("done");
    assertThat(told).containsExactly("made up", "made up");
  }

  @Test
  void aStatementThatIsRefusedIsNotRepeated() {
    List<String> told = new ArrayList<>();

    assertThatExceptionOfType(JdbiException.class)
        .isThrownBy(() ->
            PostgresOutage.waitedOut(
                Duration.ofMillis(1),
                told::add,
                () -> {
                  throw failure("42703");
                }));

    assertThat(told).isEmpty();
  }

  @Test
  void aPoolWithoutAConnectionPasses() {
    assertThat(
            PostgresOutage.isPassing(
                new ConnectionException(new SQLTransientConnectionException("no connection"))))
        .isTrue();
  }

  @Test
  void aFailureOfAnotherKindDoesNot() {
    assertThat(PostgresOutage.isPassing(new IllegalStateException("a defect"))).isFalse();
  }

  private static TransactionException failure(String state) {
    return new TransactionException("made up", new SQLException("made up", state));
  }
}
