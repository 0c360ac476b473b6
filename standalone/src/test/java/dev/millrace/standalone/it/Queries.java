package dev.millrace.standalone.it;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** What an analyst asks the audit database. */
final class Queries {

  private Queries() {}

  static long count(Millrace millrace, String sql, Object... arguments) {
    return millrace
        .analyst()
        .withHandle(handle -> query(handle, sql, arguments).mapTo(Long.class).one());
  }

  static List<String> texts(Millrace millrace, String sql, Object... arguments) {
    return millrace
        .analyst()
        .withHandle(handle -> query(handle, sql, arguments).mapTo(String.class).list());
  }

  private static Query query(Handle handle, String sql, Object... arguments) {
    Query query = handle.createQuery(sql);
    for (int i = 0; i < arguments.length; i++) {
      query.bind(i, arguments[i]);
    }
    return query;
  }
}
