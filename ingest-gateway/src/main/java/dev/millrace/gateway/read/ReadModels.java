package dev.millrace.gateway.read;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Answers questions from the read models. */
@FunctionalInterface
public interface ReadModels {

  /**
   * Rows of a query, as objects whose fields are the columns.
   *
   * @param select a query whose columns have the names that clients see
   * @param bindings values of its parameters; null where a filter is not set
   * @throws dev.millrace.gateway.http.ProblemException 503 if the read models cannot be reached
   */
  List<ObjectNode> rows(String select, Map<String, ? extends @Nullable Object> bindings);
}
