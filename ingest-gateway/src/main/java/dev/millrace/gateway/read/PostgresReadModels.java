package dev.millrace.gateway.read;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The read models in Postgres, which makes JSON of its rows itself. */
public final class PostgresReadModels implements ReadModels {

  private final Jdbi jdbi;

  public PostgresReadModels(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public List<ObjectNode> rows(String select, Map<String, ? extends @Nullable Object> bindings) {
    return PostgresFailures.guarded(
        () -> jdbi.withHandle(handle -> JsonRows.of(handle, select, bindings)));
  }
}
