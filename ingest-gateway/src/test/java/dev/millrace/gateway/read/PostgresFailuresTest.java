package dev.millrace.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.gateway.http.ProblemException;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "08006, 503, Postgres does not answer",
    "42P01, 503, the read models are not there yet",
    "22021, 400, expected no NUL characters"
  })
  void aClientIsToldWhoseFailureItIs(String state, int status, String detail) {
    ConnectionException failure = new ConnectionException(new SQLException("made up", state));

    assertThatThrownBy(() ->
            PostgresFailures.guarded(() -> {
              throw failure;
            }))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(status);
              assertThat(refused.problem().detail()).isEqualTo(detail);
            });
  }

  @Test
  void aFailureOfAnotherKindStaysWhatItIs() {
    ConnectionException failure = new ConnectionException(new SQLException("made up", "22012"));

    assertThatThrownBy(() ->
            PostgresFailures.guarded(() -> {
              throw failure;
            }))
        .isSameAs(failure);
  }
}
