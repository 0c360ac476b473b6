package dev.millrace.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.runtime.config.ConfigurationException;
import dev.millrace.runtime.config.Environment;
import dev.millrace.runtime.redaction.Secret;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The secrets that callers prove who they are with.
 *
 * @param apiKeys keys of clients, by the client's name
 * @param platformKey key of the platform whose events come in at {@code /api/javari-events}
 * @param jwtSecret signs the tokens of users, HS256
 * @param streamTokenLifetime how long a token for the live stream is good for
 */
public record AuthConfig(
    Map<String, Secret> apiKeys,
    Secret platformKey,
    Secret jwtSecret,
    Duration streamTokenLifetime) {

  /** Shortest key of HS256, RFC 7518. */
  private static final int MIN_JWT_SECRET_BYTES = 32;

  private static final String API_KEY = "MILLRACE_API_KEY";
  private static final String API_KEYS = "MILLRACE_API_KEYS";
  private static final String PLATFORM_KEY = "JAVARI_INTERNAL_API_KEY";
  private static final String JWT_SECRET = "MILLRACE_JWT_SECRET";
  private static final Duration DEFAULT_STREAM_TOKEN_LIFETIME = Duration.ofMinutes(5);

  public AuthConfig {
    apiKeys = Map.copyOf(apiKeys);
  }

  public static AuthConfig from(Environment environment) {
    Map<String, Secret> keys = new LinkedHashMap<>();
    keys.put("default", new Secret(environment.required(API_KEY)));
    environment.optional(API_KEYS).ifPresent(_ -> readKeys(environment, keys));
    String jwtSecret = environment.required(JWT_SECRET);
    if (jwtSecret.getBytes(UTF_8).length < MIN_JWT_SECRET_BYTES) {
      throw new ConfigurationException(
          JWT_SECRET, "expected at least " + MIN_JWT_SECRET_BYTES + " bytes");
    }
    return new AuthConfig(
        keys,
        new Secret(environment.required(PLATFORM_KEY)),
        new Secret(jwtSecret),
        environment.duration("GATEWAY_STREAM_TOKEN_LIFETIME", DEFAULT_STREAM_TOKEN_LIFETIME));
  }

  private static void readKeys(Environment environment, Map<String, Secret> keys) {
    for (String pair : environment.list(API_KEYS, List.of())) {
      int equals = pair.indexOf('=');
      if (equals < 1 || equals == pair.length() - 1) {
        throw new ConfigurationException(API_KEYS, "expected name=key,name=key");
      }
      keys.put(pair.substring(0, equals).strip(), new Secret(pair.substring(equals + 1).strip()));
    }
  }
}
