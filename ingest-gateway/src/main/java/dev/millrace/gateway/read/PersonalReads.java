package dev.millrace.gateway.read;

import dev.millrace.gateway.auth.Person;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Answers questions from what is kept for users: each sees the rows of nobody else. */
@FunctionalInterface
public interface PersonalReads {

  /**
   * Rows of a query that this user may see, as objects whose fields are the columns.
   *
   * @param select a query whose columns have the names that clients see
   * @param bindings values of its parameters; null where a filter is not set
   * @throws dev.millrace.gateway.http.ProblemException 503 if Postgres cannot be reached
   */
  List<ObjectNode> rows(
      Person person, String select, Map<String, ? extends @Nullable Object> bindings);
}
