package dev.millrace.gateway.http;

import dev.millrace.gateway.http.ServerConfig.AccessLog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** A line in the log and a measurement for every call; neither shows the query or a secret. */
final class CallLog {

  private static final Logger log = LoggerFactory.getLogger("dev.millrace.gateway.access");
  private static final double NANOS_PER_MS = 1e6;
  private static final int FIRST_FAILURE = 400;
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS");

  private final AccessLog which;
  private final MeterRegistry meters;
  private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

  private record Series(String route, String method, int status) {}

  CallLog(AccessLog which, MeterRegistry meters) {
    this.which = which;
    this.meters = meters;
  }

  /**
   * Notes a call.
   *
   * @param route path of the route, with its parameters unnamed
   */
  void note(String method, String route, Call call, int status, long startNanos) {
    long nanos = System.nanoTime() - startNanos;
    timers
        .computeIfAbsent(new Series(route, method, status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
    boolean wanted =
        switch (which) {
          case ALL -> true;
          case FAILURES -> status >= FIRST_FAILURE || call.isLoggedAlways();
          case NONE -> false;
        };
    if (wanted && log.isInfoEnabled()) {
      write(method, call, status, nanos / NANOS_PER_MS);
    }
  }

  /** Label of a method: one that is answered, or one for all others. */
  static String label(String method) {
    return METHODS.contains(method) ? method : "OTHER";
  }

  private static void write(String method, Call call, int status, double durationMs) {
    LoggingEventBuilder line =
        log.atInfo()
            .addKeyValue("method", method)
            .addKeyValue("path", call.path())
            .addKeyValue("status", status)
            .addKeyValue("duration_ms", Math.round(durationMs * 100) / 100.0)
            .addKeyValue("client", call.client() == null ? "-" : call.client())
            .addKeyValue("trace_id", call.trace().traceId());
    for (Map.Entry<String, Object> field : call.logFields().entrySet()) {
      line = line.addKeyValue(field.getKey(), field.getValue());
    }
    line.log("request");
  }

  private Timer timer(Series series) {
    return Timer.builder("gateway.requests")
        .description("Time from the first byte of a request to its answer")
        .tag("route", series.route())
        .tag("method", series.method())
        .tag("status", Integer.toString(series.status()))
        .publishPercentileHistogram(false)
        .register(meters);
  }
}
