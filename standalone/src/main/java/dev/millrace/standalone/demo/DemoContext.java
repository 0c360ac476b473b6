package dev.millrace.standalone.demo;

import dev.millrace.client.MillraceClient;
import dev.millrace.schemas.event.TraceContext;
import dev.millrace.standalone.embedded.Credentials;
import dev.millrace.standalone.pipeline.Pipeline;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * What the steps work with.
 *
 * @param pipeline the running pipeline
 * @param credentials secrets of its users
 * @param audit the audit database, as the analyst role
 * @param source this repository
 * @param scratch the repository that results are committed to
 * @param service the service that is watched
 * @param traces what was traced so far: the trace id, by what it is
 */
record DemoContext(
    Pipeline pipeline,
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
        credentials,
        audit,
        new GitCheckout(source),
        new GitCheckout(scratch),
        service,
        new LinkedHashMap<>());
  }

  /** An address of the gateway. */
  URI uri(String path) {
    return pipeline.gateway().resolve(path);
  }

  /** The gateway as an operator calls it, within a trace. */
  MillraceClient operator(TraceContext trace) {
    return MillraceClient.at(pipeline.gateway())
        .apiKey(credentials.get(Credentials.API_KEY))
        .traceparent(trace.traceparent())
        .build();
  }

  /** The gateway as somebody with a token calls it, within a trace. */
  MillraceClient user(String token, TraceContext trace) {
    return MillraceClient.at(pipeline.gateway())
        .token(token)
        .traceparent(trace.traceparent())
        .build();
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
