package dev.millrace.learning.collector;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.http.HeaderText;
import dev.millrace.runtime.redaction.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How signal agents are asked.
 *
 * @param baseUrl where they are
 * @param path their address below it, with {@code {agent}} for the agent's name
 * @param serviceJwt what the collector authenticates with
 * @param timeout for one call
 * @param backoff pauses before the second and further tries
 * @param slots calls at once
 * @param callsPerSecond calls to one agent in a second, at most
 */
public record CollectorConfig(
    URI baseUrl,
    String path,
    Secret serviceJwt,
    Duration timeout,
    List<Duration> backoff,
    int slots,
    int callsPerSecond) {

  static final String AGENT = "{agent}";

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  /** With answers within 100 ms, the plans of 1,000 learners at once have theirs in 7 s. */
  private static final int DEFAULT_SLOTS = 64;

  private static final int DEFAULT_CALLS_PER_SECOND = 200;
  private static final List<Duration> BACKOFF =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));

  public CollectorConfig {
    backoff = List.copyOf(backoff);
  }

  /** Reads the configuration; empty unless {@code EDGE_BASE_URL} is set. */
  public static Optional<CollectorConfig> from(Environment environment) {
    return environment.uri("EDGE_BASE_URL").map(baseUrl -> from(environment, baseUrl));
  }

  private static CollectorConfig from(Environment environment, URI baseUrl) {
    String path = environment.string("EDGE_SIGNAL_PATH", "/functions/v1/" + AGENT);
    if (!path.startsWith("/") || !path.contains(AGENT)) {
      throw new ConfigurationException(
          "EDGE_SIGNAL_PATH", "expected a path with {agent} in it, such as /functions/v1/{agent}");
    }
    return new CollectorConfig(
        baseUrl,
        path,
        new Secret(serviceJwt(environment)),
        environment.duration("EDGE_TIMEOUT", DEFAULT_TIMEOUT),
        BACKOFF,
        environment.integer("EDGE_CONCURRENCY", DEFAULT_SLOTS, 1, 256),
        environment.integer("EDGE_CALLS_PER_SECOND", DEFAULT_CALLS_PER_SECOND, 1, 10_000));
  }

  private static String serviceJwt(Environment environment) {
    String token = environment.required("EDGE_SERVICE_JWT");
    if (!HeaderText.isSendable(token)) {
      throw new ConfigurationException(
          "EDGE_SERVICE_JWT", "expected characters that a header may have: visible ASCII");
    }
    return token;
  }

  URI uri(String agent) {
    String base = baseUrl.toString();
    String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    return URI.create(trimmed + path.replace(AGENT, agent));
  }
}
