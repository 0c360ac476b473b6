package dev.millrace.gateway.http;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How the server listens, and its limits.
 *
 * @param host address to bind
 * @param port port, or 0 for a free one
 * @param corsOrigins origins of pages elsewhere that may call, {@code *} for any; none means
 *     same-origin only
 * @param maxInFlight calls at most at the same time, streams aside
 * @param maxBufferedBytes bytes of large bodies at most in memory at the same time
 * @param drainTimeout how long a stop waits for the calls in flight
 * @param accessLog which calls leave a line in the log
 */
public record ServerConfig(
    String host,
    int port,
    List<String> corsOrigins,
    int maxInFlight,
    long maxBufferedBytes,
    Duration drainTimeout,
    AccessLog accessLog) {

  private static final int DEFAULT_PORT = 8080;
  private static final int DEFAULT_MAX_IN_FLIGHT = 4_000;
  private static final long DEFAULT_MAX_BUFFERED_BYTES = 128L << 20;
  private static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(20);

  /** Which calls leave a line in the log. */
  public enum AccessLog {
    ALL,
    /** Those that ended with a status from 400. */
    FAILURES,
    NONE
  }

  public static ServerConfig from(Environment environment) {
    return new ServerConfig(
        environment.string("GATEWAY_HOST", "127.0.0.1"),
        environment.integer(
            "GATEWAY_PORT", environment.integer("PORT", DEFAULT_PORT, 0, 65_535), 0, 65_535),
        environment.list("GATEWAY_CORS_ORIGINS", List.of()),
        environment.integer("GATEWAY_MAX_IN_FLIGHT", DEFAULT_MAX_IN_FLIGHT, 1, 100_000),
        environment.bytes("GATEWAY_MAX_BUFFERED", DEFAULT_MAX_BUFFERED_BYTES),
        environment.duration("GATEWAY_DRAIN_TIMEOUT", DEFAULT_DRAIN_TIMEOUT),
        accessLog(environment.string("GATEWAY_ACCESS_LOG", "failures")));
  }

  private static AccessLog accessLog(String value) {
    try {
      return AccessLog.valueOf(value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "GATEWAY_ACCESS_LOG", "expected all, failures or none, found '" + value + "'");
    }
  }
}
