package dev.millrace.gateway.read;

import dev.millrace.gateway.auth.Person;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept for users in Postgres. The query runs as a role that sees only the rows of the user
 * whom the transaction names: row-level security decides, whatever the query asks for.
 */
public final class PostgresPersonalReads implements PersonalReads {

  private final Jdbi jdbi;

  public PostgresPersonalReads(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public List<ObjectNode> rows(
      Person person, String select, Map<String, ? extends @Nullable Object> bindings) {
    return PostgresFailures.guarded(() ->
        jdbi.inTransaction(handle -> {
          become(handle, person);
          return JsonRows.of(handle, select, bindings);
        }));
  }

  private static void become(Handle handle, Person person) {
    handle.execute("SET LOCAL ROLE millrace_learner");
    handle
        .createQuery(
            """
            SELECT set_config('millrace.user_id', :user, true) IS NOT NULL
               AND set_config('millrace.tenant', :tenant, true) IS NOT NULL
            """)
        .bind("user", person.userId())
        .bind("tenant", person.tenant())
        .mapTo(Boolean.class)
        .one();
  }
}
