package dev.millrace.gateway.read;

import dev.millrace.gateway.http.Json;
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
    String asJson = "SELECT row_to_json(r)::text FROM (" + select + ") r";
    return PostgresFailures.guarded(() ->
        jdbi.withHandle(handle ->
            handle
                .createQuery(asJson)
                .bindMap(bindings)
                .mapTo(String.class)
                .map(PostgresReadModels::object)
                .list()));
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) Json.read(json);
  }
}
