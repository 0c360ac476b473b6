package dev.millrace.gateway.read;

import dev.millrace.gateway.http.Json;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Rows of a query as JSON, which Postgres makes itself. */
final class JsonRows {

  private JsonRows() {}

  static List<ObjectNode> of(
      Handle handle, String select, Map<String, ? extends @Nullable Object> bindings) {
    return handle
        .createQuery("SELECT row_to_json(r)::text FROM (" + select + ") r")
        .bindMap(bindings)
        .mapTo(String.class)
        .map(json -> (ObjectNode) Json.read(json))
        .list();
  }
}
