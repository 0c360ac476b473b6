package dev.millrace.gateway.read;

import dev.millrace.gateway.http.ProblemException;
import dev.millrace.knowledge.embedding.EmbeddingRefusedException;
import dev.millrace.knowledge.embedding.EmbeddingUnavailableException;
import dev.millrace.runtime.database.PostgresOutage;
import dev.millrace.runtime.failure.Causes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jdbi.v3.core.JdbiException;

/** What a client is told when Postgres is away. */
public final class PostgresFailures {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_SCHEMA = "3F000";
  private static final String NOT_IN_CHARSET = "22021";

  private PostgresFailures() {}

  /**
   * Runs something that asks Postgres.
   *
   * @throws ProblemException 503 if Postgres is away, or has not been prepared yet; 400 if the
   *     question has a NUL character, which no text in Postgres can have
   */
  public static <T> T guarded(Supplier<T> question) {
    try {
      return question.get();
    } catch (EmbeddingUnavailableException e) {
      throw ProblemException.unavailable(
          e.isLimit()
              ? "the embedding model limits its callers"
              : "the embedding model does not answer",
          e.retryAfter().orElse(RETRY_AFTER));
    } catch (EmbeddingRefusedException e) {
      throw ProblemException.unavailable(
          "the embedding model does not fit the configuration: " + e.getMessage(), RETRY_AFTER);
    } catch (JdbiException e) {
      SQLException cause = Causes.find(e, SQLException.class).orElseThrow(() -> e);
      String state = Objects.requireNonNullElse(cause.getSQLState(), "");
      if (state.equals(UNDEFINED_TABLE) || state.equals(UNDEFINED_SCHEMA)) {
        throw ProblemException.unavailable("the read models are not there yet", RETRY_AFTER);
      }
      if (state.equals(NOT_IN_CHARSET)) {
        throw ProblemException.of(
            400, "invalid-request", "The request is not valid", "expected no NUL characters");
      }
      if (PostgresOutage.isPassing(e)) {
        throw ProblemException.unavailable("Postgres does not answer", RETRY_AFTER);
      }
      throw e;
    }
  }
}
