package dev.millrace.standalone.demo;

import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.pipeline.Pipeline;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * What the steps work with.
 *
 * @param pipeline the running pipeline
 * @param api its gateway
 * @param credentials secrets of its users
 * @param audit the audit database, as the analyst role
 * @param source this repository
 * @param scratch the repository that results are committed to
 * @param service the service that is watched
 * @param traces what was traced so far: the trace id, by what it is
 */
record DemoContext(
    Pipeline pipeline,
    GatewayApi api,
    Credentials credentials,
    Jdbi audit,
    GitCheckout source,
    GitCheckout scratch,
    DemoServiceProcess service,
    Map<String, String> traces) {

  static final String SOURCE_REPOSITORY = "millrace/millrace";
  static final String SCRATCH_REPOSITORY = "demo/scratch";

  static DemoContext of(
      Pipeline pipeline,
      Credentials credentials,
      Path source,
      Path scratch,
      DemoServiceProcess service) {
    Jdbi audit =
        Jdbi.create(
            pipeline.stack().addresses().jdbcUrl(),
            "millrace_analyst",
            credentials.get(Credentials.ANALYST_PASSWORD));
    return new DemoContext(
        pipeline,
        new GatewayApi(pipeline.gateway()),
        credentials,
        audit,
        new GitCheckout(source),
        new GitCheckout(scratch),
        service,
        new LinkedHashMap<>());
  }

  String apiKey() {
    return credentials.get(Credentials.API_KEY);
  }

  /** A number that an SQL query gives. */
  long count(String sql, Object... arguments) {
    return audit.withHandle(handle -> {
      var query = handle.createQuery(sql);
      for (int i = 0; i < arguments.length; i++) {
        query.bind(i, arguments[i]);
      }
      return query.mapTo(Long.class).one();
    });
  }

  /** A text that an SQL query gives, if it gives a row. */
  Optional<String> text(String sql, Object... arguments) {
    return audit.withHandle(handle -> {
      var query = handle.createQuery(sql);
      for (int i = 0; i < arguments.length; i++) {
        query.bind(i, arguments[i]);
      }
      return query.mapTo(String.class).findFirst();
    });
  }
}
