package dev.millrace.knowledge.search;

import dev.millrace.knowledge.search.SearchRequest.Filter;
import dev.millrace.knowledge.vector.VectorSpace;
import org.jdbi.v3.core.statement.SqlStatement;

/** Which chunks a search looks at, as SQL. */
record Conditions(VectorSpace space, Filter filter) {

  /** SQL condition on {@code knowledge.embeddings}. */
  String sql() {
    StringBuilder condition = new StringBuilder(space.condition());
    if (filter.category() != null) {
      condition.append(" AND category = :category");
    }
    if (filter.repository() != null) {
      condition.append(" AND repository = :repository");
    }
    if (filter.source() != null) {
      condition.append(" AND document_uri = :source");
    }
    return condition.toString();
  }

  /** Binds the parameters of the condition. */
  <S extends SqlStatement<S>> S bind(S statement) {
    if (filter.category() != null) {
      statement.bind("category", filter.category());
    }
    if (filter.repository() != null) {
      statement.bind("repository", filter.repository());
    }
    if (filter.source() != null) {
      statement.bind("source", filter.source());
    }
    return statement;
  }
}
