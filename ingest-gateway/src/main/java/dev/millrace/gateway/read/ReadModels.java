package dev.millrace.gateway.read;

import dev.millrace.gateway.http.Json;
import dev.millrace.gateway.http.ProblemException;
import dev.millrace.knowledge.embedding.EmbeddingUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks Postgres; rows come back as the JSON objects that Postgres makes of them. */
public final class ReadModels {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String UNDEFINED_SCHEMA = "3F000";

  private final Jdbi jdbi;

  public ReadModels(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * Rows of a query.
   *
   * @param select a query whose columns have the names that clients see
   * @param bindings values of its parameters; null where a filter is not set
   * @throws ProblemException 503 if Postgres is away
   */
  public List<ObjectNode> rows(String select, Map<String, ?> bindings) {
    String asJson = "SELECT row_to_json(r)::text FROM (" + select + ") r";
    return guarded(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(asJson)
                .bindMap(bindings)
                .mapTo(String.class)
                .map(ReadModels::object)
                .list()));
  }

  /**
   * Runs something that asks Postgres.
   *
   * @throws ProblemException 503 if Postgres is away, or has not been prepared yet
   */
  public static <T> T guarded(Supplier<T> question) {
    try {
      return question.get();
    } catch (EmbeddingUnavailableException e) {
      throw ProblemException.unavailable("the embedding model does not answer", RETRY_AFTER);
    } catch (JdbiException e) {
      SQLException cause = sqlException(e);
      if (cause == null) {
        throw e;
      }
      String state = cause.getSQLState() == null ? "08000" : cause.getSQLState();
      if (state.equals(UNDEFINED_TABLE) || state.equals(UNDEFINED_SCHEMA)) {
        throw ProblemException.unavailable("the read models are not there yet", RETRY_AFTER);
      }
      if (isAway(state)) {
        throw ProblemException.unavailable("Postgres does not answer", RETRY_AFTER);
      }
      throw e;
    }
  }

  /** Connection failures, too many connections, shutdown: classes 08, 53 and 57. */
  private static boolean isAway(String state) {
    return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
  }

  private static @Nullable SQLException sqlException(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException found) {
        return found;
      }
    }
    return null;
  }

  private static ObjectNode object(String json) {
    JsonNode node = Json.read(json);
    return (ObjectNode) node;
  }
}
